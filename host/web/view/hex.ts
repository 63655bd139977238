/** Bytes as the contract has them. */
export const hex = (of: Uint8Array): string => Buffer.from(of).toString("hex");
