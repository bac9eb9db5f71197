/* Makes a chosen change of the disk below one folder fail, for a program that was started with it in LD_PRELOAD.
 *
 * Counts every call by which a program changes what is on the disk: writes, syncs, sizes, names, new and deleted
 * files. Until `disk_fails` is called nothing happens; then the call with the given number fails as its mode says.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

enum { ONCE, FROM_THEN_ON, SHORT, SHORT_THEN_FAILS };

static char folder[PATH_MAX];
static size_t length;
static long number, calls;
static int mode, is_active;
static char last[PATH_MAX + 32];

/* Starts to count calls below `path`, from 1; the call `at` fails, none for 0. */
void disk_fails(const char *path, long at, int how) {
    strncpy(folder, path, sizeof folder - 1);
    length = strlen(folder);
    number = at;
    mode = how;
    calls = 0;
    last[0] = 0;
    is_active = 1;
}

/* Ends it; returns how many calls there were. */
long disk_works(void) {
    is_active = 0;
    return calls;
}

/* What failed first: the call and its file. */
const char *disk_failed(void) { return last; }

static int is_below(const char *path) { return path && !strncmp(path, folder, length); }

static const char *path_of(int handle, char *buffer) {
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", handle);
    ssize_t size = readlink(link, buffer, PATH_MAX - 1);
    buffer[size < 0 ? 0 : size] = 0;
    return buffer;
}

/* Whether this call fails; -1 for one that writes only half. */
static int fails(const char *call, const char *path, int writes) {
    if (!is_active || !is_below(path))
        return 0;
    if (mode == SHORT && !writes)
        return 0;
    long now = ++calls;
    if (!number || now < number || (now > number && (mode == ONCE || mode == SHORT)))
        return 0;
    if (now == number)
        snprintf(last, sizeof last, "%s %s", call, path + length);
    if (now == number && writes && (mode == SHORT || mode == SHORT_THEN_FAILS))
        return -1;
    errno = EIO;
    return 1;
}

static int fails_at(const char *call, int handle, int writes) {
    char buffer[PATH_MAX];
    if (!is_active)
        return 0;
    return fails(call, path_of(handle, buffer), writes);
}

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))
#define HALF(size) ((size) > 1 ? (size) / 2 : (size))

ssize_t write(int handle, const void *data, size_t size) {
    int found = fails_at("write", handle, 1);
    return found > 0 ? -1 : REAL(write)(handle, data, found ? HALF(size) : size);
}

ssize_t pwrite(int handle, const void *data, size_t size, off_t at) {
    int found = fails_at("pwrite", handle, 1);
    return found > 0 ? -1 : REAL(pwrite)(handle, data, found ? HALF(size) : size, at);
}

ssize_t pwrite64(int handle, const void *data, size_t size, off64_t at) {
    int found = fails_at("pwrite", handle, 1);
    return found > 0 ? -1 : REAL(pwrite64)(handle, data, found ? HALF(size) : size, at);
}

ssize_t writev(int handle, const struct iovec *parts, int count) {
    int found = fails_at("writev", handle, 1);
    return found > 0 ? -1 : REAL(writev)(handle, parts, found ? 1 : count);
}

ssize_t sendfile(int to, int from, off_t *at, size_t size) {
    int found = fails_at("sendfile", to, 1);
    return found > 0 ? -1 : REAL(sendfile)(to, from, at, found ? 1000 : size);
}

ssize_t sendfile64(int to, int from, off64_t *at, size_t size) {
    int found = fails_at("sendfile", to, 1);
    return found > 0 ? -1 : REAL(sendfile64)(to, from, at, found ? 1000 : size);
}

/* C++ libraries write by this one; the C library's own call of write cannot be caught. */
size_t fwrite(const void *data, size_t size, size_t count, FILE *file) {
    int found = is_active ? fails_at("fwrite", fileno(file), 0) : 0;
    return found ? 0 : REAL(fwrite)(data, size, count, file);
}

int fsync(int handle) { return fails_at("fsync", handle, 0) ? -1 : REAL(fsync)(handle); }

int fdatasync(int handle) { return fails_at("fdatasync", handle, 0) ? -1 : REAL(fdatasync)(handle); }

int ftruncate(int handle, off_t size) {
    return fails_at("ftruncate", handle, 0) ? -1 : REAL(ftruncate)(handle, size);
}

int ftruncate64(int handle, off64_t size) {
    return fails_at("ftruncate", handle, 0) ? -1 : REAL(ftruncate64)(handle, size);
}

int rename(const char *from, const char *to) { return fails("rename", to, 0) ? -1 : REAL(rename)(from, to); }

/* A folder that is there is told from the memory of the system. */
int mkdir(const char *path, mode_t rights) {
    return is_active && access(path, F_OK) && fails("mkdir", path, 0) ? -1 : REAL(mkdir)(path, rights);
}

int unlink(const char *path) { return fails("unlink", path, 0) ? -1 : REAL(unlink)(path); }

int rmdir(const char *path) { return fails("rmdir", path, 0) ? -1 : REAL(rmdir)(path); }

int unlinkat(int at, const char *path, int flags) {
    int found = *path == '/' ? fails("unlinkat", path, 0) : fails_at("unlinkat", at, 0);
    return found ? -1 : REAL(unlinkat)(at, path, flags);
}

/* Only a call that makes a file changes the disk. */
static int fails_to_make(const char *path, int flags) {
    return is_active && flags & O_CREAT && is_below(path) && access(path, F_OK) && fails("open", path, 0);
}

#define OPEN(name)                                                                                              \
    int name(const char *path, int flags, ...) {                                                                \
        va_list more;                                                                                           \
        va_start(more, flags);                                                                                  \
        mode_t rights = flags & O_CREAT ? va_arg(more, mode_t) : 0;                                             \
        va_end(more);                                                                                           \
        return fails_to_make(path, flags) ? -1 : REAL(name)(path, flags, rights);                               \
    }

OPEN(open)
OPEN(open64)
