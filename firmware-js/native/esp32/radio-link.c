/* NimBLE and the SDK's own list of connections behind native/radio-link.ts. */
#include "xsmc.h"
#include "xsHost.h"
#include "mc.xs.h"
#include "modBLE.h"

#include "host/ble_gap.h"

/* The longest packet of the link layer, and how long it lasts on the slowest of the usual physical layers
   (Core, Vol 6 Part B 4.5.10). */
#define PACKET_SIZE_MAX 251
#define PACKET_US_MAX 2120

void xs_hardway_link_cancel(xsMachine *the)
{
  (void)the;
  ble_gap_conn_cancel();
}

void xs_hardway_link_forget(xsMachine *the)
{
  modBLEConnection connection = modBLEConnectionGetFirst();
  (void)the;
  while (NULL != connection) {
    modBLEConnection next = modBLEConnectionGetNext(connection);
    if (kInvalidConnectionID == connection->id)
      modBLEConnectionRemove(connection);
    connection = next;
  }
}

/* The SDK hands on the first buffer of what comes, and each packet of the air has a buffer of its own: without this, a value
   arrives with its first 20 bytes. */
void xs_hardway_link_lengthen(xsMachine *the)
{
  ble_gap_set_data_len((uint16_t)xsmcToInteger(xsArg(0)), PACKET_SIZE_MAX, PACKET_US_MAX);
}
