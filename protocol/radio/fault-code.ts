/** What a radio says when it cannot do as it was told, and when it barred a neighbour by itself. A code once given is not
 * given again. */

export const FAULT_CODES = Object.freeze({
  "no role was told": 1,
  "the board has no such role": 2,
  "the role does not do that": 3,
  "a connection is being made": 4,
  "all links are in use": 5,
  "that neighbour is linked": 6,
  "that neighbour is barred": 7,
  "the list of barred peers is full": 8,
  "that is another boot": 9,
  "a peer was barred": 10,
  "the board has no such rate": 11,
});
export type Fault = keyof typeof FAULT_CODES;
