/** Where a kiosk speaks and listens on a broker. */
import { assert } from "../../../protocol/core/assert.ts";

export interface Topics {
  /** "online" from its birth on, "offline" by its last word or by its will. Kept by the broker. */
  readonly status: string;
  /** What it shows, as JSON. Kept by the broker. */
  readonly state: string;
  /** `{ "id": 7, "order": … }`, with an id or without. What a broker kept of it is not obeyed. */
  readonly command: string;
  /** `{ "id": 7, "answer": … }`. */
  readonly answer: string;
}

export const ONLINE = "online";
export const OFFLINE = "offline";

/** A part of a topic: none of the signs that a broker reads. */
const PART = /^[A-Za-z0-9_-]{1,64}$/;

export const isTopicPart = (text: string): boolean => PART.test(text);

export function topicsOf(base: string, id: string): Topics {
  assert(isTopicPart(base) && isTopicPart(id), "a kiosk's topics are plain words");
  const at = `${base}/${id}`;
  return { status: `${at}/status`, state: `${at}/state`, command: `${at}/command`, answer: `${at}/answer` };
}
