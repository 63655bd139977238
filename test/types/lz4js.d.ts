/** What we call of lz4js, which brings no types of its own. */
declare module "lz4js" {
  const lz4js: {
    /** Both write into `target` from its start on and return what they wrote; 0 from `compressBlock`: nothing repeats. */
    compressBlock(
      source: Uint8Array,
      target: Uint8Array,
      sourceIndex: number,
      sourceLength: number,
      hashTable: Uint32Array,
    ): number;
    decompressBlock(
      source: Uint8Array,
      target: Uint8Array,
      sourceIndex: number,
      sourceLength: number,
      targetIndex: number,
    ): number;
    compressBound(size: number): number;
    /** Frames: magic number, blocks, end mark. */
    compress(source: Uint8Array): Uint8Array;
    decompress(frame: Uint8Array, sizeMax?: number): Uint8Array;
  };
  export default lz4js;
}
