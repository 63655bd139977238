/** What a program on XS has of the world: test/xs/engine/host.c gives it this, and ECMAScript the rest. */
declare const host: {
  /** The words after the entry on the command line. */
  readonly args: readonly string[];
  /** One line of output. */
  print(text: string): void;
  /** A whole UTF-8 file; the path is absolute or begins at the repository. Throws when there is none. */
  readText(path: string): string;
  /**
   * Work since the program's modules began to load: XS adds one for every bytecode that it executes and every slot or
   * property that native code touches, and for a typed array's natives by the byte: `fill` 1, `set`, `slice` and
   * `copyWithin` 2, `indexOf` 8 (a loop that writes each byte 18). Creating a typed array, `subarray`, walking a string,
   * parsing and collecting garbage count next to nothing, whatever the length. The same program with the same arguments
   * has the same figure, in 32 bits and in 64.
   */
  meter(): number;
  /** Fills the bytes from the program's input; answers how many there were. */
  readInput(into: Uint8Array): number;
  /** The protocol's CRC, native as on a board. */
  crc16(bytes: Uint8Array, start: number, end: number): number;
  /** Collects garbage and closes the gaps between chunks. */
  gc(): void;
  /** The same, and gives back what no chunk needs: where chunks may grow, all that is reserved later will have been needed. */
  trim(): void;
  /**
   * In use now, at most so far, and at most ever. Until `gc()`, use and peak of chunks and heap count garbage too, so a
   * peak says what lay there and not what was needed: that is found by running with less. A peak of the stack is exact.
   */
  memory(): {
    readonly chunkBytes: number;
    readonly chunkBytesPeak: number;
    readonly chunkBytesMax: number;
    readonly heapSlots: number;
    readonly heapSlotsPeak: number;
    readonly heapSlotsMax: number;
    readonly stackSlots: number;
    readonly stackSlotsPeak: number;
    readonly stackSlotsMax: number;
    /** 32, or 16 as on a board when the engine was compiled for 32 bits. */
    readonly slotBytes: number;
  };
};
