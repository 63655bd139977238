/** What a sequence decided and what came of it: as effects tell it when it happens, and as a journal tells it again. */

export interface Told {
  readonly sequence: number;
  /** Whose members are counted. */
  readonly epoch: number;
  readonly view: number;
  readonly way: "unanimous" | "committed";
  /** By the table's own time. */
  readonly time: number;
  readonly done: readonly Done[];
  /** After it, another leads or others agree. */
  readonly barrier: "rotate" | "enact" | undefined;
}

export interface Done {
  readonly sender: number;
  readonly seat: number;
  readonly number: number;
  readonly operation: Uint8Array;
  /** Undefined of what was repeated, or where only the journal told of a kiosk's own request. */
  readonly result: Uint8Array | undefined;
  /** It accuses, and the table found that it holds. */
  readonly isProved: boolean;
}
