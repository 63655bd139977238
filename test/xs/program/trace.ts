/** A running digest (FNV-1a, 32 bits) of everything a machine did and was, in the order in which it happened: two engines
 * that print the same sum did the same. It makes no garbage, so that it runs in a board's memory too. */

export interface Trace {
  sum: number;
}

export const trace = (): Trace => ({ sum: 0x811c9dc5 });

export const digestOf = (trace: Trace): string => (trace.sum >>> 0).toString(16).padStart(8, "0");

export function note(trace: Trace, value: unknown): void {
  if (typeof value !== "object" || value === null) {
    mixText(trace, String(value));
  } else if (value instanceof Uint8Array) {
    mix(trace, value.length);
    for (let at = 0; at < value.length; at++) mix(trace, value[at]);
  } else {
    // Names are taken as the engine orders them: were that to differ, it would show.
    const names = Object.keys(value);
    mix(trace, names.length);
    for (let i = 0; i < names.length; i++) {
      mixText(trace, names[i]);
      note(trace, (value as { [name: string]: unknown })[names[i]]);
    }
  }
}

function mixText(trace: Trace, text: string): void {
  for (let at = 0; at < text.length; at++) mix(trace, text.charCodeAt(at));
}

function mix(trace: Trace, value: number): void {
  trace.sum = Math.imul(trace.sum ^ value, 0x01000193);
}
