import { order } from "./shared.ts";

order.push("left");
export const left = "left";
