/* In place of the SDK's own headers, as the manuals give what the native modules use of them. */
#pragma once
#include <stddef.h>
#include <stdint.h>

/* What the native modules use of XS in C, so that their syntax is checked where the SDK is not. */

typedef struct { int stub; } xsMachine;
typedef struct { int stub; } xsSlot;

xsSlot *xsStubArgument(xsMachine *the, int index);
xsSlot *xsStubResult(xsMachine *the);
int xsStubToInteger(xsMachine *the, xsSlot *slot);
int xsStubToBoolean(xsMachine *the, xsSlot *slot);
void xsStubSetInteger(xsMachine *the, xsSlot *slot, int value);
void xsStubSetNumber(xsMachine *the, xsSlot *slot, double value);
void xsStubSetBoolean(xsMachine *the, xsSlot *slot, int value);
void xsStubSetArrayBuffer(xsMachine *the, xsSlot *slot, void *bytes, int size);

#define xsArg(INDEX) xsStubArgument(the, INDEX)
#define xsResult xsStubResult(the)
#define xsmcToInteger(SLOT) xsStubToInteger(the, SLOT)
#define xsmcToBoolean(SLOT) xsStubToBoolean(the, SLOT)
#define xsmcSetInteger(SLOT, VALUE) xsStubSetInteger(the, SLOT, VALUE)
#define xsmcSetNumber(SLOT, VALUE) xsStubSetNumber(the, SLOT, VALUE)
#define xsmcSetBoolean(SLOT, VALUE) xsStubSetBoolean(the, SLOT, VALUE)
#define xsmcSetArrayBuffer(SLOT, BYTES, SIZE) xsStubSetArrayBuffer(the, SLOT, BYTES, SIZE)

/* The SDK's own list of connections, which both stacks share: made or not yet. */

typedef struct modBLEConnectionRecord {
  uint16_t id;
} *modBLEConnection;

#define kInvalidConnectionID 0xFFFF

modBLEConnection modBLEConnectionGetFirst(void);
modBLEConnection modBLEConnectionGetNext(modBLEConnection connection);
void modBLEConnectionRemove(modBLEConnection connection);
