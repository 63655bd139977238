/** With "memory" as its last argument, a program tells what its modules took, before its work begins. */

export function tellMemory(): void {
  if (host.args.at(-1) !== "memory") return;
  host.gc();
  host.print(JSON.stringify(host.memory()));
}
