/* In place of Nordic's headers, as the manuals give what the native modules use of them. */
#pragma once
#include <stdint.h>

/* Registers of the nRF52840 (product specification 1.7: FICR, RNG, POWER) that the native modules touch. */

typedef struct {
  volatile uint32_t DEVICEID[2];
  volatile uint32_t DEVICEADDRTYPE;
  volatile uint32_t DEVICEADDR[2];
} NRF_FICR_Type;
typedef struct {
  volatile uint32_t TASKS_START;
  volatile uint32_t TASKS_STOP;
  volatile uint32_t EVENTS_VALRDY;
  volatile uint32_t VALUE;
} NRF_RNG_Type;
typedef struct {
  volatile uint32_t GPREGRET;
} NRF_POWER_Type;

extern NRF_FICR_Type *NRF_FICR;
extern NRF_RNG_Type *NRF_RNG;
extern NRF_POWER_Type *NRF_POWER;

/* What the SDK's own beginning found in the register RESETREAS. */

uint32_t nrf52_get_reset_reason(void);

#define POWER_RESETREAS_RESETPIN_Msk (1u << 0)
#define POWER_RESETREAS_DOG_Msk (1u << 1)
#define POWER_RESETREAS_SREQ_Msk (1u << 2)
#define POWER_RESETREAS_LOCKUP_Msk (1u << 3)

void NVIC_SystemReset(void);

/* Whether the SoftDevice stands. */

#define NRF_SUCCESS 0

uint32_t sd_softdevice_is_enabled(uint8_t *enabled);

/* Power and chance, where they belong to the SoftDevice. */

uint32_t sd_rand_application_vector_get(uint8_t *bytes, uint8_t length);
uint32_t sd_power_gpregret_set(uint32_t id, uint32_t bits);
uint32_t sd_power_gpregret_clr(uint32_t id, uint32_t bits);

/* Connections of the SoftDevice S140. */

#define BLE_CONN_HANDLE_INVALID 0xffff
enum { BLE_GAP_EVT_CONNECTED = 0x10, BLE_GAP_EVT_DISCONNECTED = 0x11, BLE_GAP_EVT_CONN_PARAM_UPDATE = 0x12 };

typedef struct {
  uint16_t min_conn_interval;
  uint16_t max_conn_interval;
  uint16_t slave_latency;
  uint16_t conn_sup_timeout;
} ble_gap_conn_params_t;
typedef struct {
  uint16_t conn_handle;
  union {
    struct { ble_gap_conn_params_t conn_params; } connected;
    struct { ble_gap_conn_params_t conn_params; } conn_param_update;
  } params;
} ble_gap_evt_t;

uint32_t sd_ble_gap_conn_param_update(uint16_t handle, ble_gap_conn_params_t const *parameters);
uint32_t sd_ble_gap_connect_cancel(void);

typedef struct ble_gap_data_length_params_t ble_gap_data_length_params_t;
typedef struct ble_gap_data_length_limitation_t ble_gap_data_length_limitation_t;
uint32_t sd_ble_gap_data_length_update(uint16_t handle, ble_gap_data_length_params_t const *parameters,
  ble_gap_data_length_limitation_t *limitation);

/* Events of the SoftDevice. */

typedef struct {
  struct { uint16_t evt_id; } header;
  union { ble_gap_evt_t gap_evt; } evt;
} ble_evt_t;

/* Who hears the events: the SDK gathers observers in a section of the program. */

typedef void (*nrf_sdh_ble_evt_handler_t)(ble_evt_t const *event, void *context);
typedef struct {
  nrf_sdh_ble_evt_handler_t handler;
  void *context;
} nrf_sdh_ble_evt_observer_t;

#define NRF_SDH_BLE_OBSERVER(NAME, PRIORITY, HANDLER, CONTEXT) \
  extern char NAME##_priority[(PRIORITY) < 4 ? 1 : -1]; \
  nrf_sdh_ble_evt_observer_t NAME = {HANDLER, CONTEXT}
