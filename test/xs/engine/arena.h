#ifndef XS_HOST_ARENA_H
#define XS_HOST_ARENA_H

#include "xsAll.h"

/* Before a machine is made. Bounds of 0 are none; `blockBytes` stands for both others, and a slot counts 16 bytes of it. */
txBoolean prepareArena(txSize chunkBytes, txSize slotCount, txSize blockBytes);

/* Gives back what no chunk needs: where chunks may grow, what is reserved from then on was needed from then on. */
void trimArena(txMachine* the);

#endif
