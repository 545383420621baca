#include <libpq-fe.h>
// Not part of Swift's Glibc module: the connection threads are woken through an eventfd.
#include <sys/eventfd.h>
// glibc shows this one only to _GNU_SOURCE.
#include <pthread.h>
extern int pthread_setname_np(pthread_t thread, const char *name);
