/** Work that is done in one piece, in which nobody hears a Ctrl-C: meanwhile it ends the process, which has nothing to put in order. */

export function interruptibly<T>(read: () => T): T {
  const heard = process.listeners("SIGINT");
  process.removeAllListeners("SIGINT");
  try {
    return read();
  } finally {
    for (const each of heard) process.on("SIGINT", each);
  }
}
