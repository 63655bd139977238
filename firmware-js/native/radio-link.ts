/** What connections need of the stack on every board, and the SDK's JavaScript lacks: in C, always. */

/** Nothing is attempted any more, or a connection is just coming. */
export const linkCancel = native<() => void>("xs_hardway_link_cancel");
/** Ends the SDK's record of an attempt that came to nothing: on the nRF52 nothing else does, and it dials nobody twice. Only
 * when no connection can be coming any more: one without a record ends the program. */
export const linkForget = native<() => void>("xs_hardway_link_forget");
/** Asks for packets on the air that take a value whole. */
export const linkLengthen = native<(handle: number) => void>("xs_hardway_link_lengthen");
