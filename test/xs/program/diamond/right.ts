import { order } from "../diamond/shared.ts";

order.push("right");
export const right = "right";
