/** Calls into the BLE stack that JavaScript lacks: not available. A build with native modules puts
 * `stack-calls-native.ts` in this module's place. */
import type { StackCalls } from "../air/stack.ts";

export const stackCalls: StackCalls | undefined = undefined;
