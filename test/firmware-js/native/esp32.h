/* In place of Espressif's headers, as the manuals give what the native modules use of them. */
#pragma once
#include <stdint.h>

/* Addresses that the factory burnt. */

typedef int esp_err_t;
typedef enum { ESP_MAC_WIFI_STA, ESP_MAC_WIFI_SOFTAP, ESP_MAC_BT } esp_mac_type_t;

esp_err_t esp_efuse_mac_get_default(uint8_t *mac);
esp_err_t esp_read_mac(uint8_t *mac, esp_mac_type_t type);

/* The hardware's noise. */

uint32_t esp_random(void);

/* Why the chip started, and how it starts again. */

typedef enum {
  ESP_RST_UNKNOWN,
  ESP_RST_POWERON,
  ESP_RST_EXT,
  ESP_RST_SW,
  ESP_RST_PANIC,
  ESP_RST_INT_WDT,
  ESP_RST_TASK_WDT,
  ESP_RST_WDT,
  ESP_RST_DEEPSLEEP,
  ESP_RST_BROWNOUT
} esp_reset_reason_t;

esp_reset_reason_t esp_reset_reason(void);
void esp_restart(void) __attribute__((noreturn));

/* The register that sends an ESP32-C3 or S3 into its loader. */

extern volatile uint32_t stubOption1;
#define RTC_CNTL_OPTION1_REG (&stubOption1)
#define RTC_CNTL_FORCE_DOWNLOAD_BOOT 1u
#define REG_WRITE(REGISTER, VALUE) (*(REGISTER) = (VALUE))

/* Connections of NimBLE. */

struct ble_gap_upd_params {
  uint16_t itvl_min;
  uint16_t itvl_max;
  uint16_t latency;
  uint16_t supervision_timeout;
  uint16_t min_ce_len;
  uint16_t max_ce_len;
};
struct ble_gap_conn_desc {
  uint16_t conn_handle;
  uint16_t conn_itvl;
};

int ble_gap_update_params(uint16_t handle, const struct ble_gap_upd_params *parameters);
int ble_gap_conn_find(uint16_t handle, struct ble_gap_conn_desc *connection);
int ble_gap_conn_cancel(void);
int ble_gap_set_data_len(uint16_t handle, uint16_t transmitOctets, uint16_t transmitUs);
