/** INFO_UF2.TXT, by which a bootloader's volume says whose it is. */

export interface InfoUf2 {
  readonly boardId: string;
  readonly model: string;
  /** As in "S140 6.1.1", or undefined where there is none. */
  readonly softDevice: SoftDevice | undefined;
}

export interface SoftDevice {
  readonly name: string;
  readonly major: number;
}

/** Undefined where the text is no such file. */
export function parseInfoUf2(text: string): InfoUf2 | undefined {
  const boardId = /^Board-ID:\s*(\S+)\s*$/m.exec(text)?.[1];
  if (boardId === undefined || !/^UF2 Bootloader\b/.test(text)) return undefined;
  return { boardId, model: /^Model:\s*(.*\S)\s*$/m.exec(text)?.[1] ?? boardId, softDevice: softDeviceOf(text) };
}

/** Bootloaders before 0.3 have it in the line "Bootloader:", later ones in a line of its own. */
function softDeviceOf(text: string): SoftDevice | undefined {
  const found = /^(?:SoftDevice|Bootloader):\s*(S\d+)\s+((\d+)\.\d+\.\d+)/im.exec(text);
  return found === null ? undefined : { name: `${found[1].toUpperCase()} ${found[2]}`, major: Number(found[3]) };
}
