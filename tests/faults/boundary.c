/* Preloaded by tests/faults/boundaries.py: at the n-th write to a file after `arm`, kill the process or fail.

   Counted are write, pwrite, fsync, fdatasync, ftruncate, rename and unlink; pipes and sockets are not. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

enum { KILL = 1, TORN, FAIL, SLOW }; /* FAIL: with errno `amount`; SLOW: every sync takes so many ms */

static long wanted = -1, done, amount;
static int how;

void arm(long at, int kind, long value) { wanted = at, done = 0, how = kind, amount = value; }

long made(void) { return done; }

static int regular(int fd) {
  struct stat found;
  return fstat(fd, &found) == 0 && S_ISREG(found.st_mode);
}

/* True if this is the call that was asked for; killed here unless something of it is to be done first. */
static int hit(void) {
  if (++done != wanted) return 0;
  if (how == KILL) kill(getpid(), SIGKILL);
  return 1;
}

static int failed(void) {
  errno = (int)amount;
  return -1;
}

#define NEXT(type, name) ((type)dlsym(RTLD_NEXT, name))

ssize_t write(int fd, const void *data, size_t size) {
  ssize_t (*next)(int, const void *, size_t) = NEXT(ssize_t (*)(int, const void *, size_t), "write");
  if (regular(fd) && hit()) {
    if (how == FAIL) return failed();
    next(fd, data, size / 2);
    kill(getpid(), SIGKILL);
  }
  return next(fd, data, size);
}

ssize_t pwrite64(int fd, const void *data, size_t size, off64_t at) {
  ssize_t (*next)(int, const void *, size_t, off64_t) =
      NEXT(ssize_t (*)(int, const void *, size_t, off64_t), "pwrite64");
  if (regular(fd) && hit()) {
    if (how == FAIL) return failed();
    next(fd, data, size / 2, at);
    kill(getpid(), SIGKILL);
  }
  return next(fd, data, size, at);
}

ssize_t pwrite(int fd, const void *data, size_t size, off_t at) { return pwrite64(fd, data, size, at); }

#define REFUSED() (how == FAIL ? failed() : kill(getpid(), SIGKILL))

static int synced(const char *name, int fd) {
  if (regular(fd) && hit()) return REFUSED();
  if (how == SLOW) usleep(amount * 1000);
  return NEXT(int (*)(int), name)(fd);
}

int fsync(int fd) { return synced("fsync", fd); }
int fdatasync(int fd) { return synced("fdatasync", fd); }

int ftruncate64(int fd, off64_t size) {
  if (hit()) return REFUSED();
  return NEXT(int (*)(int, off64_t), "ftruncate64")(fd, size);
}

int ftruncate(int fd, off_t size) { return ftruncate64(fd, size); }

int rename(const char *from, const char *to) {
  if (hit()) return REFUSED();
  return NEXT(int (*)(const char *, const char *), "rename")(from, to);
}

int unlink(const char *path) {
  if (hit()) return REFUSED();
  return NEXT(int (*)(const char *), "unlink")(path);
}
