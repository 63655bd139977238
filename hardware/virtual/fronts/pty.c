/* A pseudo terminal that stands for a serial port (Linux): pty LINK
 *
 * LINK becomes a symbolic link to the slave. Bytes on standard input go to whoever has it open; while nobody has, they are
 * lost, as on a wire. Standard output carries messages: a letter, the size (two bytes, high first), then so many bytes.
 *
 *   R the slave's path: it is there      O it was opened      C it was closed
 *   B its speed, in decimal              D bytes that were written to it
 *   L how many bytes found no room, because who has it open does not read
 *
 * The end of standard input is the cable pulled: the master closes, and whoever has the slave open gets a hang-up. */
#define _GNU_SOURCE
#include <asm/termbits.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { PIECE = 1024, CLOSED_POLL_MS = 5, OPEN_POLL_MS = 50 };

static char path[64];
static const char *link_path;
static unsigned char out[4 * PIECE];
static size_t out_size;
static unsigned lost;

static void fail(const char *step)
{
  fprintf(stderr, "%s: %s\n", step, strerror(errno));
  exit(1);
}

static void put(char type, const void *bytes, size_t size)
{
  if (out_size + 3 + size > sizeof(out)) return;
  out[out_size++] = (unsigned char)type;
  out[out_size++] = (unsigned char)(size >> 8);
  out[out_size++] = (unsigned char)size;
  memcpy(out + out_size, bytes, size);
  out_size += size;
}

static void put_number(char type, unsigned number)
{
  char text[16];
  put(type, text, (size_t)snprintf(text, sizeof(text), "%u", number));
}

/* False: there is nobody left to tell. */
static int flush(void)
{
  ssize_t written = write(1, out, out_size);
  if (written < 0) return errno == EAGAIN || errno == EINTR;
  out_size -= (size_t)written;
  memmove(out, out + written, out_size);
  return 1;
}

static void make_raw(int slave)
{
  struct termios2 how;
  if (ioctl(slave, TCGETS2, &how) < 0) fail("reading the terminal's settings");
  how.c_iflag = 0;
  how.c_oflag = 0;
  how.c_lflag = 0;
  how.c_cflag = (how.c_cflag & ~(unsigned)(CSIZE | PARENB)) | CS8 | CREAD | CLOCAL;
  how.c_cc[VMIN] = 1;
  how.c_cc[VTIME] = 0;
  if (ioctl(slave, TCSETS2, &how) < 0) fail("setting the terminal raw");
}

static int is_open(int master)
{
  struct pollfd one = { master, POLLIN, 0 };
  return poll(&one, 1, 0) >= 0 && !(one.revents & POLLHUP);
}

static void watch_speed(int master, unsigned *speed)
{
  struct termios2 how;
  if (ioctl(master, TCGETS2, &how) < 0 || how.c_ospeed == *speed) return;
  *speed = how.c_ospeed;
  put_number('B', *speed);
}

/* A new link is made aside and moved there, so that nobody finds half of it. */
static void make_link(void)
{
  char aside[4096];
  if ((size_t)snprintf(aside, sizeof(aside), "%s.%d", link_path, (int)getpid()) >= sizeof(aside)) {
    errno = ENAMETOOLONG;
    fail(link_path);
  }
  if (symlink(path, aside) < 0) fail(aside);
  if (rename(aside, link_path) < 0) {
    unlink(aside);
    fail(link_path);
  }
}

static void remove_link(void)
{
  char target[64];
  ssize_t size = readlink(link_path, target, sizeof(target) - 1);
  if (size < 0) return;
  target[size] = 0;
  if (0 == strcmp(target, path)) unlink(link_path);
}

static int open_master(void)
{
  int slave, master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
  if (master < 0 || grantpt(master) < 0 || unlockpt(master) < 0) fail("making a pseudo terminal");
  if (ptsname_r(master, path, sizeof(path)) != 0) fail("naming the pseudo terminal");
  /* Only a slave that was open once hangs up. */
  slave = open(path, O_RDWR | O_NOCTTY);
  if (slave < 0) fail(path);
  make_raw(slave);
  close(slave);
  if (fcntl(master, F_SETFL, O_NONBLOCK) < 0 || fcntl(1, F_SETFL, O_NONBLOCK) < 0) fail("ceasing to wait");
  return master;
}

/* False: the cable is pulled. */
static int from_host(int master, int opened)
{
  char bytes[PIECE];
  ssize_t written, size = read(0, bytes, sizeof(bytes));
  if (size < 0) return errno == EAGAIN || errno == EINTR;
  if (size == 0) return 0;
  if (!opened) return 1;
  written = write(master, bytes, (size_t)size);
  lost += (unsigned)(size - (written < 0 ? 0 : written));
  return 1;
}

int main(int count, char **words)
{
  int master, opened = 0, alive = 1;
  unsigned speed = 0;
  if (count != 2) {
    fputs("usage: pty LINK\n", stderr);
    return 2;
  }
  link_path = words[1];
  signal(SIGPIPE, SIG_IGN);
  /* Whoever started this ends it, by closing its input. */
  signal(SIGINT, SIG_IGN);
  signal(SIGHUP, SIG_IGN);
  master = open_master();
  make_link();
  put('R', path, strlen(path));
  while (alive) {
    struct pollfd all[3] = { { 0, POLLIN, 0 }, { 1, out_size > 0 ? POLLOUT : 0, 0 }, { -1, POLLIN, 0 } };
    /* What nobody takes away here stays with the writer, who waits. */
    if (opened && out_size == 0) all[2].fd = master;
    if (poll(all, 3, opened ? OPEN_POLL_MS : CLOSED_POLL_MS) < 0 && errno != EINTR) fail("waiting");
    if (!opened && is_open(master)) {
      opened = 1;
      speed = 0;
      put('O', "", 0);
    }
    if (opened) watch_speed(master, &speed);
    if (all[2].revents & POLLIN) {
      char bytes[PIECE];
      ssize_t size = read(master, bytes, sizeof(bytes));
      if (size > 0) put('D', bytes, (size_t)size);
    } else if (opened && out_size == 0 && !is_open(master)) {
      opened = 0;
      put('C', "", 0);
    }
    if (all[0].revents) alive = from_host(master, opened);
    if (lost > 0 && out_size == 0) {
      put_number('L', lost);
      lost = 0;
    }
    if (all[1].revents & (POLLERR | POLLHUP) || (out_size > 0 && !flush())) alive = 0;
  }
  remove_link();
  return 0;
}
