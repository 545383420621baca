// Not part of Swift's Glibc module: malloc_trim(3), mallinfo2(3), mallopt(3).
#include <malloc.h>
