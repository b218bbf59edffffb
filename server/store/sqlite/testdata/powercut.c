/* Preloaded into a process that uses SQLite, this writes down what it does to the
 * files of one database, in order: every write with its bytes, every
 * synchronisation. From that a test makes the files that a power cut at any moment
 * would have left (powercut_test.go).
 *
 *   POWERCUT_DATABASE  path of the database
 *   POWERCUT_LOG       file to append to
 *
 * A record is: operation, file (0 database, 1 write-ahead log, 2 journal), two
 * numbers of 8 bytes in the machine's order, and for a write its bytes.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

enum { WRITE = 'w', SYNC = 's', TRUNCATE = 't', REMOVE = 'r' };
enum { MAX_FD = 4096 };

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static signed char file_of[MAX_FD]; /* file + 1, 0 for others */
static int log_fd = -1;

/* which file of the database a path names, or -1 */
static int which(const char *path) {
  const char *db = getenv("POWERCUT_DATABASE");
  size_t n;
  if (db == NULL || path == NULL || strncmp(path, db, n = strlen(db)) != 0) return -1;
  if (path[n] == 0) return 0;
  if (strcmp(path + n, "-wal") == 0) return 1;
  if (strcmp(path + n, "-journal") == 0) return 2;
  return -1;
}

static int file_at(int fd) { return fd >= 0 && fd < MAX_FD ? file_of[fd] - 1 : -1; }

static void put(const void *p, size_t n) {
  const char *at = p;
  while (n > 0) {
    long done = syscall(SYS_write, log_fd, at, n);
    if (done <= 0) abort(); /* a log with a gap would prove nothing */
    at += done;
    n -= (size_t)done;
  }
}

static void record(char op, int file, uint64_t a, uint64_t b, const void *bytes) {
  unsigned char head[18];
  pthread_mutex_lock(&mutex);
  if (log_fd < 0) {
    const char *path = getenv("POWERCUT_LOG");
    log_fd = path == NULL ? -1 : (int)syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_CREAT | O_APPEND, 0600);
    if (log_fd < 0) abort();
  }
  head[0] = (unsigned char)op;
  head[1] = (unsigned char)file;
  memcpy(head + 2, &a, 8);
  memcpy(head + 10, &b, 8);
  put(head, sizeof head);
  if (op == WRITE) put(bytes, b);
  pthread_mutex_unlock(&mutex);
}

#define NEXT(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

static int opened(int fd, const char *path) {
  if (fd >= 0 && fd < MAX_FD) file_of[fd] = (signed char)(which(path) + 1);
  return fd;
}

static mode_t mode_of(int flags, va_list args) { return flags & O_CREAT ? (mode_t)va_arg(args, int) : 0; }

int open(const char *path, int flags, ...) {
  va_list args;
  va_start(args, flags);
  mode_t mode = mode_of(flags, args);
  va_end(args);
  return opened(NEXT(open)(path, flags, mode), path);
}

int open64(const char *path, int flags, ...) {
  va_list args;
  va_start(args, flags);
  mode_t mode = mode_of(flags, args);
  va_end(args);
  return opened(NEXT(open64)(path, flags, mode), path);
}

int close(int fd) {
  if (fd >= 0 && fd < MAX_FD) file_of[fd] = 0;
  return NEXT(close)(fd);
}

static ssize_t wrote(int fd, const void *bytes, ssize_t n, off_t at) {
  if (n > 0 && file_at(fd) >= 0) record(WRITE, file_at(fd), (uint64_t)at, (uint64_t)n, bytes);
  return n;
}

ssize_t pwrite(int fd, const void *bytes, size_t n, off_t at) { return wrote(fd, bytes, NEXT(pwrite)(fd, bytes, n, at), at); }
ssize_t pwrite64(int fd, const void *bytes, size_t n, off64_t at) { return wrote(fd, bytes, NEXT(pwrite64)(fd, bytes, n, at), at); }

ssize_t write(int fd, const void *bytes, size_t n) {
  off_t at = file_at(fd) >= 0 ? lseek(fd, 0, SEEK_CUR) : 0;
  return wrote(fd, bytes, NEXT(write)(fd, bytes, n), at);
}

int fsync(int fd) {
  int err = NEXT(fsync)(fd);
  if (err == 0 && file_at(fd) >= 0) record(SYNC, file_at(fd), 0, 0, NULL);
  return err;
}

int fdatasync(int fd) {
  int err = NEXT(fdatasync)(fd);
  if (err == 0 && file_at(fd) >= 0) record(SYNC, file_at(fd), 0, 0, NULL);
  return err;
}

int ftruncate(int fd, off_t size) {
  int err = NEXT(ftruncate)(fd, size);
  if (err == 0 && file_at(fd) >= 0) record(TRUNCATE, file_at(fd), (uint64_t)size, 0, NULL);
  return err;
}

int ftruncate64(int fd, off64_t size) {
  int err = NEXT(ftruncate64)(fd, size);
  if (err == 0 && file_at(fd) >= 0) record(TRUNCATE, file_at(fd), (uint64_t)size, 0, NULL);
  return err;
}

int unlink(const char *path) {
  int err = NEXT(unlink)(path);
  if (err == 0 && which(path) >= 0) record(REMOVE, which(path), 0, 0, NULL);
  return err;
}
