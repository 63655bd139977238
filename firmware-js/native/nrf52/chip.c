/* The chip nRF52840 behind native/chip.ts. The SoftDevice, once it stands, owns the registers of power and chance. */
#include "xsmc.h"
#include "xsHost.h"
#include "mc.xs.h"

#include "nrf.h"
#include "nrf_sdm.h"
#include "nrf_soc.h"

/* As the bootloaders of Adafruit's kind read it at reset: stay, and offer the volume. */
#define RETAINED_BOOTLOADER 0x57
/* Numbers of the hello. */
enum { RESET_POWER_ON = 0, RESET_PIN, RESET_WATCHDOG, RESET_SOFTWARE, RESET_BROWN_OUT, RESET_FAULT, RESET_WAKE_UP };

static int softDeviceStands(void)
{
  uint8_t stands = 0;
  return (NRF_SUCCESS == sd_softdevice_is_enabled(&stands)) && stands;
}

static uint32_t drawByte(void)
{
  uint32_t value;
  NRF_RNG->EVENTS_VALRDY = 0;
  NRF_RNG->TASKS_START = 1;
  while (0 == NRF_RNG->EVENTS_VALRDY)
    ;
  value = NRF_RNG->VALUE & 0xff;
  NRF_RNG->TASKS_STOP = 1;
  return value;
}

void xs_hardway_chip_id(xsMachine *the)
{
  uint32_t id[2];
  id[0] = NRF_FICR->DEVICEID[0];
  id[1] = NRF_FICR->DEVICEID[1];
  xsmcSetArrayBuffer(xsResult, (void *)id, sizeof(id));
}

void xs_hardway_chip_address(xsMachine *the)
{
  uint8_t bytes[7];
  uint32_t low = NRF_FICR->DEVICEADDR[0], high = NRF_FICR->DEVICEADDR[1];
  int random = NRF_FICR->DEVICEADDRTYPE & 1;
  bytes[0] = random;
  /* The two highest bits of a static random address are set on the air (Core, Vol 6 Part B 1.3.2.1). */
  bytes[1] = (uint8_t)(high >> 8) | (random ? 0xc0 : 0);
  bytes[2] = (uint8_t)high;
  bytes[3] = (uint8_t)(low >> 24);
  bytes[4] = (uint8_t)(low >> 16);
  bytes[5] = (uint8_t)(low >> 8);
  bytes[6] = (uint8_t)low;
  xsmcSetArrayBuffer(xsResult, bytes, sizeof(bytes));
}

void xs_hardway_chip_random(xsMachine *the)
{
  uint32_t value = 0;
  if (softDeviceStands())
    sd_rand_application_vector_get((uint8_t *)&value, sizeof(value));
  else {
    int i;
    for (i = 0; i < 4; i++)
      value = (value << 8) | drawByte();
  }
  xsmcSetNumber(xsResult, (double)value);
}

void xs_hardway_chip_reset(xsMachine *the)
{
  /* The SDK's own beginning reads the register and clears it. */
  uint32_t why = nrf52_get_reset_reason();
  int reset = RESET_POWER_ON;
  /* Several bits gather until they are cleared: the worst one counts. */
  if (why & POWER_RESETREAS_LOCKUP_Msk)
    reset = RESET_FAULT;
  else if (why & POWER_RESETREAS_DOG_Msk)
    reset = RESET_WATCHDOG;
  else if (why & POWER_RESETREAS_SREQ_Msk)
    reset = RESET_SOFTWARE;
  else if (why & POWER_RESETREAS_RESETPIN_Msk)
    reset = RESET_PIN;
  else if (why)
    reset = RESET_WAKE_UP;
  xsmcSetInteger(xsResult, reset);
}

void xs_hardway_chip_restart(xsMachine *the)
{
  if (xsmcToBoolean(xsArg(0))) {
    if (softDeviceStands()) {
      sd_power_gpregret_clr(0, 0xff);
      sd_power_gpregret_set(0, RETAINED_BOOTLOADER);
    }
    else
      NRF_POWER->GPREGRET = RETAINED_BOOTLOADER;
  }
  NVIC_SystemReset();
}
