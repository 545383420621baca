// Not part of Swift's Glibc module: threads are woken through an eventfd.
#include <sys/eventfd.h>
// glibc declares this only under _GNU_SOURCE, which Swift's import of it does without.
#include <pthread.h>
extern int pthread_setname_np(pthread_t thread, const char *name);
