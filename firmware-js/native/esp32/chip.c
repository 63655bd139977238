/* The ESP32 chips behind native/chip.ts. */
#include "xsmc.h"
#include "xsHost.h"
#include "mc.xs.h"

#include "sdkconfig.h"
#include "esp_mac.h"
#include "esp_random.h"
#include "esp_system.h"

#if CONFIG_IDF_TARGET_ESP32C3 || CONFIG_IDF_TARGET_ESP32S3
  #include "soc/rtc_cntl_reg.h"
#endif

/* Numbers of the hello. */
enum { RESET_POWER_ON = 0, RESET_PIN, RESET_WATCHDOG, RESET_SOFTWARE, RESET_BROWN_OUT, RESET_FAULT, RESET_WAKE_UP, RESET_UNKNOWN };

void xs_hardway_chip_id(xsMachine *the)
{
  uint8_t bytes[8] = {0};
  esp_efuse_mac_get_default(bytes + 2);
  xsmcSetArrayBuffer(xsResult, bytes, sizeof(bytes));
}

void xs_hardway_chip_address(xsMachine *the)
{
  uint8_t bytes[7] = {0};
  esp_read_mac(bytes + 1, ESP_MAC_BT);
  xsmcSetArrayBuffer(xsResult, bytes, sizeof(bytes));
}

void xs_hardway_chip_random(xsMachine *the)
{
  xsmcSetNumber(xsResult, (double)esp_random());
}

void xs_hardway_chip_reset(xsMachine *the)
{
  int reset = RESET_UNKNOWN;
  switch (esp_reset_reason()) {
    case ESP_RST_POWERON:
      reset = RESET_POWER_ON;
      break;
    case ESP_RST_EXT:
      reset = RESET_PIN;
      break;
    case ESP_RST_SW:
      reset = RESET_SOFTWARE;
      break;
    case ESP_RST_PANIC:
      reset = RESET_FAULT;
      break;
    case ESP_RST_INT_WDT:
    case ESP_RST_TASK_WDT:
    case ESP_RST_WDT:
      reset = RESET_WATCHDOG;
      break;
    case ESP_RST_DEEPSLEEP:
      reset = RESET_WAKE_UP;
      break;
    case ESP_RST_BROWNOUT:
      reset = RESET_BROWN_OUT;
      break;
    default:
      break;
  }
  xsmcSetInteger(xsResult, reset);
}

/* The first ESP32 enters its loader by two pins alone, which the flasher's control lines pull: it restarts into its program. */
void xs_hardway_chip_restart(xsMachine *the)
{
#if CONFIG_IDF_TARGET_ESP32C3 || CONFIG_IDF_TARGET_ESP32S3
  if (xsmcToBoolean(xsArg(0)))
    REG_WRITE(RTC_CNTL_OPTION1_REG, RTC_CNTL_FORCE_DOWNLOAD_BOOT);
#endif
  esp_restart();
}
