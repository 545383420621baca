#include <libpq-fe.h>
// Not part of Swift's Glibc module: the connection threads are woken through an eventfd.
#include <sys/eventfd.h>
// glibc declares these only under _GNU_SOURCE, which Swift's import of it does without.
#include <pthread.h>
#include <spawn.h>
extern int pthread_setname_np(pthread_t thread, const char *name);
extern int pipe2(int ends[2], int flags);
extern int posix_spawn_file_actions_addchdir_np(posix_spawn_file_actions_t *actions, const char *path);
extern int posix_spawn_file_actions_addclosefrom_np(posix_spawn_file_actions_t *actions, int from);
