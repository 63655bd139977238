/** A file system of a test's own: files, folders and links, as the kernel of another machine would show them. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

export class FakeRoot {
  readonly path = mkdtempSync(join(tmpdir(), "hardway-root-"));

  file(name: string, text = ""): void {
    const path = join(this.path, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }

  /** `to` is relative to the link, or absolute as it stands. */
  link(name: string, to: string): void {
    const path = join(this.path, name);
    mkdirSync(dirname(path), { recursive: true });
    symlinkSync(to, path);
  }

  /** A USB bridge with its tty and, where it has one, its by-id link. */
  usb(
    tty: string,
    about: { vendor: string; product: string; serial?: string; byId?: string; name?: string; port?: string },
  ): void {
    const device = `sys/devices/usb1/${about.port ?? "1-1"}`;
    this.file(`${device}/idVendor`, `${about.vendor}\n`);
    this.file(`${device}/idProduct`, `${about.product}\n`);
    if (about.serial !== undefined) this.file(`${device}/serial`, `${about.serial}\n`);
    if (about.name !== undefined) this.file(`${device}/product`, `${about.name}\n`);
    this.file(`${device}/1-1:1.0/${tty}/x`);
    this.file(`sys/class/tty/${tty}/uevent`);
    this.link(`sys/class/tty/${tty}/device`, join(this.path, device, "1-1:1.0", tty));
    this.file(`dev/${tty}`);
    if (about.byId !== undefined) this.link(`dev/serial/by-id/${about.byId}`, `../../${tty}`);
  }

  remove(): void {
    rmSync(this.path, { recursive: true });
  }
}
