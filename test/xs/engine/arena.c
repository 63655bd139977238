/* The memory that XS gets: chunks in one range and slots in another, each without a gap, so that what grows stays one
   block as in a board's static memory. Bounds are those of a board, either apart or one budget for all; what stays
   within them grows only after a collection did not help, so that in the end as much is reserved as was needed. */
#include "arena.h"
#include <sys/mman.h>

/* A slot's bytes on a board, whatever they are here. */
enum { BOARD_SLOT_SIZE = 16 };

/* Where pointers have 64 bits, a seventh of the chunks is what heads and array elements have too much (measured: 37,256 B
   for 32,852 B with the radio at its fullest). */
static size_t onBoard(size_t chunkBytes) {
  return sizeof(txSlot) == BOARD_SLOT_SIZE ? chunkBytes : chunkBytes / 7 * 6;
}

static struct { txByte* base; size_t size, taken; } chunks, slots;
static struct { size_t chunkBytes, slotCount, blockBytes; } bound;

static txByte* reserve(size_t size) {
  void* base = mmap(C_NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  return base == MAP_FAILED ? C_NULL : base;
}

txBoolean prepareArena(txSize chunkBytes, txSize slotCount, txSize blockBytes) {
  bound.chunkBytes = chunkBytes;
  bound.slotCount = slotCount;
  bound.blockBytes = blockBytes;
  chunks.size = slots.size = (size_t)256 << 20;
  chunks.base = reserve(chunks.size);
  slots.base = reserve(slots.size);
  return chunks.base && slots.base;
}

static txBoolean allows(size_t chunkBytes, size_t slotBytes) {
  size_t slotCount = slotBytes / sizeof(txSlot);
  if (chunkBytes > chunks.size || slotBytes > slots.size) return 0;
  if (bound.blockBytes) return onBoard(chunkBytes) + slotCount * BOARD_SLOT_SIZE <= bound.blockBytes;
  return (!bound.chunkBytes || onBoard(chunkBytes) <= bound.chunkBytes) && (!bound.slotCount || slotCount <= bound.slotCount);
}

/* At the end of the only block. */
static txSize leftOver(txMachine* the) {
  txBlock* block = the->firstBlock;
  return block && block->limit == chunks.base + chunks.taken ? (txSize)(block->limit - block->current) : 0;
}

void trimArena(txMachine* the) {
  txSize left = leftOver(the);
  if (!left || !the->minimumChunksSize) return;
  the->firstBlock->limit -= left;
  the->maximumChunksSize -= left;
  chunks.taken -= left;
}

/* What is left over is part of what is asked for. */
void* fxAllocateChunks(txMachine* the, txSize size) {
  if (!allows(chunks.taken - leftOver(the) + size, slots.taken)) return C_NULL;
  trimArena(the);
  void* result = chunks.base + chunks.taken;
  chunks.taken += size;
  return result;
}

/* The stack comes first. */
txSlot* fxAllocateSlots(txMachine* the, txSize count) {
  size_t size = count * sizeof(txSlot);
  if (!allows(chunks.taken, slots.taken + size)) return C_NULL;
  txSlot* result = (txSlot*)(slots.base + slots.taken);
  slots.taken += size;
  return result;
}

/* The process ends before its machine does. */
void fxFreeChunks(txMachine* the, void* chunks) {
}

void fxFreeSlots(txMachine* the, void* slots) {
}
