/** As much of esptool-js as we use. Its own declarations speak of the browser's serial ports, which no package here declares. */
import type { LoaderWire } from "./loader-wire.ts";

export interface Terminal {
  clean(): void;
  write(text: string): void;
  writeLine(text: string): void;
}

export class ESPLoader {
  constructor(options: { transport: LoaderWire; baudrate: number; romBaudrate?: number; terminal: Terminal });
  readonly chip: { readonly CHIP_NAME: string };
  readonly IS_STUB: boolean;
  readonly secureDownloadMode: boolean;
  detectChip(mode?: "default_reset" | "no_reset", attempts?: number): Promise<void>;
  runStub(): Promise<unknown>;
  changeBaud(): Promise<void>;
  /** As in "4MB". */
  detectFlashSize(): Promise<string | undefined>;
  flashMd5sum(address: number, size: number): Promise<string>;
  writeFlash(options: {
    fileArray: { data: Uint8Array; address: number }[];
    flashMode: "keep";
    flashFreq: "keep";
    flashSize: "keep";
    eraseAll: boolean;
    compress: boolean;
    reportProgress?: (fileIndex: number, written: number, total: number) => void;
  }): Promise<void>;
}

export class UnexpectedChipIdError extends Error {}
export class UnexpectedChipMagicError extends Error {}
