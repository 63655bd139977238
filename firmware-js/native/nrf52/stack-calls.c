/* Calls into the SoftDevice that the SDK's JavaScript lacks, behind native/stack-calls-native.ts. */
#include "xsmc.h"
#include "xsHost.h"
#include "mc.xs.h"

#include "ble.h"
#include "ble_gap.h"
#include "nrf_sdh_ble.h"

/* Behind the SDK's own observers. */
#define OBSERVER_PRIORITY 3

/* The stack has one connection a role and tells an interval only when it changes. */
static volatile uint16_t heardHandle = BLE_CONN_HANDLE_INVALID;
static volatile uint16_t heardInterval;

static void onStack(ble_evt_t const *event, void *context)
{
  ble_gap_evt_t const *gap = &event->evt.gap_evt;
  (void)context;
  switch (event->header.evt_id) {
    case BLE_GAP_EVT_CONNECTED:
      heardInterval = gap->params.connected.conn_params.max_conn_interval;
      heardHandle = gap->conn_handle;
      break;
    case BLE_GAP_EVT_CONN_PARAM_UPDATE:
      heardInterval = gap->params.conn_param_update.conn_params.max_conn_interval;
      heardHandle = gap->conn_handle;
      break;
    case BLE_GAP_EVT_DISCONNECTED:
      if (gap->conn_handle == heardHandle)
        heardHandle = BLE_CONN_HANDLE_INVALID;
      break;
  }
}

NRF_SDH_BLE_OBSERVER(hardwayObserver, OBSERVER_PRIORITY, onStack, NULL);

void xs_hardway_request_parameters(xsMachine *the)
{
  ble_gap_conn_params_t parameters;
  uint16_t handle = (uint16_t)xsmcToInteger(xsArg(0));
  parameters.min_conn_interval = (uint16_t)xsmcToInteger(xsArg(1));
  parameters.max_conn_interval = parameters.min_conn_interval;
  parameters.slave_latency = 0;
  parameters.conn_sup_timeout = (uint16_t)xsmcToInteger(xsArg(2));
  xsmcSetBoolean(xsResult, NRF_SUCCESS == sd_ble_gap_conn_param_update(handle, &parameters));
}

void xs_hardway_interval_units(xsMachine *the)
{
  int handle = xsmcToInteger(xsArg(0));
  xsmcSetInteger(xsResult, handle == heardHandle ? heardInterval : 0);
}

/* The SDK's record of the attempt goes with its next scan, which port and SDK begin before anything else. */
void xs_hardway_cancel_connect(xsMachine *the)
{
  xsmcSetBoolean(xsResult, NRF_SUCCESS == sd_ble_gap_connect_cancel());
}
