/* The SoftDevice and the SDK's own list of connections behind native/radio-link.ts. */
#include "xsmc.h"
#include "xsHost.h"
#include "mc.xs.h"
#include "modBLE.h"

#include "ble_gap.h"

void xs_hardway_link_cancel(xsMachine *the)
{
  (void)the;
  sd_ble_gap_connect_cancel();
}

/* The SDK's own start of a scan means to do this, and looks for a signed number among unsigned ones. */
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

/* The longest that the stack was configured for; it answers such a wish, and has none by itself. */
void xs_hardway_link_lengthen(xsMachine *the)
{
  sd_ble_gap_data_length_update((uint16_t)xsmcToInteger(xsArg(0)), NULL, NULL);
}
