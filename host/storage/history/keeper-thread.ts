/** A thread of its own for a history: SQLite waits for the disk, and a kiosk must not. */
import { parentPort, workerData } from "node:worker_threads";
import { keeper, type Order, type Place } from "./keeper.ts";

const { obey } = keeper(
  workerData as Place,
  (said) => parentPort?.postMessage(said),
  () => performance.now(),
);
parentPort?.on("message", (order: Order) => {
  obey(order);
  if (order.type === "close") parentPort?.close();
});
