/* Calls into NimBLE that the SDK's JavaScript lacks, behind native/stack-calls-native.ts. */
#include "xsmc.h"
#include "xsHost.h"
#include "mc.xs.h"

#include "host/ble_gap.h"

void xs_hardway_request_parameters(xsMachine *the)
{
  struct ble_gap_upd_params parameters = {0};
  uint16_t handle = (uint16_t)xsmcToInteger(xsArg(0));
  parameters.itvl_min = (uint16_t)xsmcToInteger(xsArg(1));
  parameters.itvl_max = parameters.itvl_min;
  parameters.latency = 0;
  parameters.supervision_timeout = (uint16_t)xsmcToInteger(xsArg(2));
  xsmcSetBoolean(xsResult, 0 == ble_gap_update_params(handle, &parameters));
}

void xs_hardway_interval_units(xsMachine *the)
{
  struct ble_gap_conn_desc connection;
  uint16_t handle = (uint16_t)xsmcToInteger(xsArg(0));
  xsmcSetInteger(xsResult, 0 == ble_gap_conn_find(handle, &connection) ? connection.conn_itvl : 0);
}

/* The stack then says that the attempt failed, and the SDK forgets it. */
void xs_hardway_cancel_connect(xsMachine *the)
{
  xsmcSetBoolean(xsResult, 0 == ble_gap_conn_cancel());
}
