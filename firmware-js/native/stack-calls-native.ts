/** Calls into the BLE stack that JavaScript lacks, from C. Takes the place of `stack-calls.ts` where it is built in. */
import type { StackCalls } from "../air/stack.ts";

const requestParameters = native<(handle: number, intervalUnits: number, supervisionUnits: number) => boolean>(
  "xs_hardway_request_parameters",
);
const intervalUnits = native<(handle: number) => number>("xs_hardway_interval_units");
const cancelConnect = native<() => boolean>("xs_hardway_cancel_connect");

export const stackCalls: StackCalls | undefined = Object.freeze({
  // In the units of the air: 1.25 ms and 10 ms.
  requestParameters: (handle: number, intervalMs: number, supervisionMs: number) =>
    requestParameters(handle, Math.max(6, Math.round(intervalMs / 1.25)), Math.round(supervisionMs / 10)),
  intervalMs: (handle: number) => intervalUnits(handle) * 1.25,
  cancelConnect: () => cancelConnect(),
});
