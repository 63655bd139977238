/** Where things of an installed kiosk are on its machine. */

export interface Places {
  /** Of Node, and of the program that it runs. */
  readonly node: string;
  readonly program: string;
  readonly config: string;
  /** Key, journal and history. */
  readonly folder: string;
  /** Folders of log files, where there are any. */
  readonly logFolders: readonly string[];
  readonly backups: string;
  readonly user: string;
  /** Where its page listens; undefined: as its configuration has it, for this machine alone. */
  readonly listen?: string | undefined;
  /** Which shows the page. */
  readonly browser: string;
  /** Of the page; undefined where there is none. */
  readonly pageUrl: string | undefined;
}

export const UNITS_FOLDER = "/etc/systemd/system";
export const USER_UNITS_FOLDER = "/etc/systemd/user";
export const KIOSK_UNIT = "hardway.service";
export const BACKUP_UNIT = "hardway-backup.service";
export const BACKUP_TIMER = "hardway-backup.timer";
export const SCREEN_UNIT = "hardway-screen.service";
/** Of the log that systemd keeps of it: `journalctl --namespace=hardway`. */
export const LOG_NAMESPACE = "hardway";
export const LOG_LIMITS_PATH = `/etc/systemd/journald@${LOG_NAMESPACE}.conf`;
export const USER_FILE_NAME = "hardway.conf";
export const USER_FILE_PATH = `/etc/sysusers.d/${USER_FILE_NAME}`;
export const NAMES_RULE_PATH = "/etc/udev/rules.d/71-hardway-names.rules";

/** As Debian calls it, and as older systems for the Pi do. */
export const BROWSERS: readonly string[] = Object.freeze(["/usr/bin/chromium", "/usr/bin/chromium-browser"]);

export const DEFAULT_USER = "hardway";
export const DEFAULT_CONFIG = "/etc/hardway/hardway.yaml";
/** What systemd makes and gives to the user: StateDirectory. */
export const STATE_FOLDER = "/var/lib/hardway";
export const DEFAULT_BACKUPS = `${STATE_FOLDER}/backups`;

/** Under a person's own folder, which a service does not see where its unit forbids that. */
export const isPersonal = (path: string): boolean => /^\/(?:home|root)(?:\/|$)/.test(path);
export const isWithin = (path: string, folder: string): boolean => path === folder || path.startsWith(`${folder}/`);
