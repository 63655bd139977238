import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  chunkCount,
  chunkOf,
  chunkSize,
  type ObjectTree,
  objectName,
  objectTree,
  pathOf,
  verifyChunk,
} from "../../../../host/engine/objects/tree.ts";
import { chance, drawBelow } from "../../../../protocol/core/chance.ts";
import { CHUNK_BYTES_MAX, CHUNK_PATH_MAX, OBJECT_SIZE_MAX } from "../../../../protocol/core/limits.ts";
import { counted, PORTS, someBytes } from "./rig.ts";

const SIZES = [
  ...[0, 1, 2047, 2048, 2049, 4095, 4096, 4097, 6144, 6145, 10_240, 14_336, 14_337, 65_536, 65_537],
  ...[OBJECT_SIZE_MAX - 2048, OBJECT_SIZE_MAX - 1, OBJECT_SIZE_MAX],
];

const indexes = (size: number): number[] => [...new Array(chunkCount(size)).keys()];

function holds(tree: ObjectTree, bytes: Uint8Array, index: number): string {
  const verdict = verifyChunk(PORTS, tree.name, index, pathOf(tree, index), chunkOf(bytes, index));
  return verdict.ok ? "holds" : verdict.why;
}

describe("inclusion", () => {
  test.each(SIZES)("every chunk of %i bytes leads to the name, alone [D06]", (size) => {
    const bytes = someBytes(size);
    const tree = objectTree(PORTS, bytes);
    expect(tree.name).toEqual(objectName(PORTS, bytes));
    expect(tree.name.size).toBe(size);
    for (const index of indexes(size)) expect([index, holds(tree, bytes, index)]).toEqual([index, "holds"]);
  });

  test("a proof is as long as the tree is high, and costs a digest a step and one [D06]", () => {
    for (let count = 1; count <= 256; count++) {
      const bytes = new Uint8Array(count * CHUNK_BYTES_MAX);
      const tree = objectTree({ digest: () => new Uint8Array(32) }, bytes);
      const high = Math.ceil(Math.log2(count));
      for (const index of [0, count >> 1, count - 1]) {
        const path = pathOf(tree, index);
        const counting = counted(() => new Uint8Array(32));
        expect(verifyChunk(counting, tree.name, index, path, chunkOf(bytes, index))).toEqual({ ok: true });
        expect([count, index, path.length <= high, counting.domains.length]).toEqual([
          count,
          index,
          true,
          path.length + 1,
        ]);
      }
      expect(pathOf(tree, 0)).toHaveLength(high);
    }
    expect(CHUNK_PATH_MAX).toBe(8);
  });

  test("an object of one chunk costs one digest", () => {
    for (const size of [0, 1, CHUNK_BYTES_MAX]) {
      const counting = counted(PORTS.digest);
      objectName(counting, new Uint8Array(size));
      expect([size, counting.domains.length]).toEqual([size, 1]);
    }
  });

  test("one bit of a chunk or of its path spoils it, wherever it is [D06]", () => {
    const from = chance(3);
    for (const size of [1, 2048, 2049, 10_240, 65_536, 14_337]) {
      const bytes = someBytes(size);
      const tree = objectTree(PORTS, bytes);
      for (let round = 0; round < 40; round++) {
        const index = drawBelow(from, chunkCount(size));
        const chunk = chunkOf(bytes, index).slice();
        const path = pathOf(tree, index).map((each) => each.slice());
        const target = path.length > 0 && round % 2 === 0 ? path[drawBelow(from, path.length)] : chunk;
        target[drawBelow(from, target.length)] ^= 1 << drawBelow(from, 8);
        expect(verifyChunk(PORTS, tree.name, index, path, chunk)).toEqual({ ok: false, why: "not of this object" });
      }
    }
  });

  test("a name that differs in one bit is another name [D06]", () => {
    const bytes = someBytes(5000);
    const tree = objectTree(PORTS, bytes);
    for (let bit = 0; bit < 256; bit++) {
      const digest = tree.name.digest.slice();
      digest[bit >> 3] ^= 1 << (bit & 7);
      const verdict = verifyChunk(PORTS, { ...tree.name, digest }, 1, pathOf(tree, 1), chunkOf(bytes, 1));
      expect(verdict).toEqual({ ok: false, why: "not of this object" });
    }
  });

  test("a changed state has another name [D06]", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20_000 }), fc.nat(), fc.integer({ min: 1, max: 255 }), (size, at, flip) => {
        const bytes = someBytes(size);
        const before = objectName(PORTS, bytes);
        bytes[at % size] ^= flip;
        expect(objectName(PORTS, bytes).digest).not.toEqual(before.digest);
      }),
      { seed: 1, numRuns: 60 },
    );
  });
});

describe("a chunk has one place", () => {
  test("it leads nowhere from another index, not even with that index's path [D06]", () => {
    for (const size of [4096, 4097, 6144, 10_240, 14_336]) {
      const bytes = new Uint8Array(size);
      // All chunks alike: only the index tells them apart.
      const tree = objectTree(PORTS, bytes);
      for (const index of indexes(size)) {
        for (const other of indexes(size).filter((each) => each !== index)) {
          const verdict = verifyChunk(PORTS, tree.name, other, pathOf(tree, index), chunkOf(bytes, index));
          expect([index, other, verdict.ok]).toEqual([index, other, false]);
        }
      }
      const different = someBytes(size);
      const treeOfDifferent = objectTree(PORTS, different);
      for (const index of indexes(size)) {
        for (const other of indexes(size).filter((each) => each !== index)) {
          const verdict = verifyChunk(
            PORTS,
            treeOfDifferent.name,
            other,
            pathOf(treeOfDifferent, other),
            chunkOf(different, index),
          );
          expect(verdict.ok).toBe(false);
        }
      }
    }
  });

  test("leaves of equal bytes differ from each other and from those of an object of another size", () => {
    const { levels } = objectTree(PORTS, new Uint8Array(8192));
    const others = objectTree(PORTS, new Uint8Array(6144)).levels;
    const all = [...levels[0], ...others[0]].map((each) => each.join());
    expect(new Set(all).size).toBe(7);
  });

  test("a name with another size admits no chunk of the object", () => {
    for (const size of [1, 2048, 2049, 6144, 8192, 65_536]) {
      const bytes = someBytes(size);
      const tree = objectTree(PORTS, bytes);
      for (const other of [size - 1, size + 1, size + CHUNK_BYTES_MAX, 2 * size, size >> 1, 0]) {
        const name = { ...tree.name, size: other };
        for (const index of indexes(size)) {
          const chunk = chunkOf(bytes, index);
          for (const cut of [chunk, chunk.subarray(0, Math.max(0, chunkSize(other, index)))]) {
            expect(verifyChunk(PORTS, name, index, pathOf(tree, index), cut).ok).toBe(false);
          }
        }
      }
    }
  });

  test("what cannot be is refused before a digest is computed", () => {
    const bytes = someBytes(10_000);
    const tree = objectTree(PORTS, bytes);
    const never = {
      digest: () => {
        throw new Error("a digest was computed");
      },
    };
    const path = pathOf(tree, 1);
    const chunk = chunkOf(bytes, 1);
    const why = (index: number, way: readonly Uint8Array[], part: Uint8Array): string => {
      const verdict = verifyChunk(never, tree.name, index, way, part);
      return verdict.ok ? "holds" : verdict.why;
    };
    for (const index of [5, 6, 255, 256, -1, Number.NaN, 1e9]) {
      expect(why(index, path, chunk)).toBe("no such chunk");
    }
    for (const part of [chunk.subarray(1), new Uint8Array(2049), new Uint8Array(0)]) {
      expect(why(1, path, part)).toBe("wrong size");
    }
    expect(why(4, pathOf(tree, 4), chunk)).toBe("wrong size");
    for (const way of [[], path.slice(1), [...path, path[0]], pathOf(tree, 4)]) {
      expect(why(1, way, chunk)).toBe("wrong path");
    }
  });
});

describe("a tree stands for one list of chunks", () => {
  test("a node passes for no chunk: the bytes under it, as a chunk, have another digest", () => {
    const { levels, name } = objectTree(PORTS, someBytes(4096));
    const inner = new Uint8Array(64);
    inner.set(levels[0][0], 0);
    inner.set(levels[0][1], 32);
    expect(verifyChunk(PORTS, { ...name, size: 64 }, 0, [], inner).ok).toBe(false);
    expect(objectName(PORTS, inner).digest).not.toEqual(name.digest);
    // With one domain for both it would pass, whatever else the leaf says.
    const counting = counted(PORTS.digest);
    objectTree(counting, someBytes(4096));
    expect(new Set(counting.domains).size).toBe(2);
  });

  test("a chunk added that repeats the last gives another root, whatever the count", () => {
    for (let count = 1; count < 20; count++) {
      const bytes = new Uint8Array((count + 1) * CHUNK_BYTES_MAX);
      const shorter = objectTree(PORTS, bytes.subarray(0, count * CHUNK_BYTES_MAX));
      expect(objectName(PORTS, bytes).digest).not.toEqual(shorter.name.digest);
    }
  });

  test("the odd one goes up as it is: five chunks have this shape", () => {
    const spoken: string[] = [];
    const digests: { [text: string]: string } = {};
    const label = (bytes: Uint8Array): string => digests[bytes.join()] ?? "?";
    let next = 0;
    const naming = {
      digest(domain: string, bytes: Uint8Array): Uint8Array {
        const out = new Uint8Array(32).fill(++next);
        digests[out.join()] = domain.endsWith("node")
          ? `(${label(bytes.subarray(0, 32))} ${label(bytes.subarray(32))})`
          : `${bytes[5]}`;
        spoken.push(digests[out.join()]);
        return out;
      },
    };
    const tree = objectTree(naming, new Uint8Array(5 * CHUNK_BYTES_MAX));
    expect(label(tree.name.digest)).toBe("(((0 1) (2 3)) 4)");
    expect(pathOf(tree, 4).map(label)).toEqual(["((0 1) (2 3))"]);
    expect(pathOf(tree, 2).map(label)).toEqual(["3", "(0 1)", "4"]);
    expect(spoken).toHaveLength(9);
  });

  test("neither is more than the bound, which is our own mistake", () => {
    expect(() => objectTree(PORTS, new Uint8Array(OBJECT_SIZE_MAX + 1))).toThrow("an object keeps its bound");
  });
});
