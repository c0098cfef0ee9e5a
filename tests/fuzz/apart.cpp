// What a process of its own is for is no fault where it breaks: libFuzzer's word on a fault, and
// the file that it writes, belong to the process that fuzzes.

#include <pthread.h>
#include <sanitizer/common_interface_defs.h>

extern "C" int LLVMFuzzerInitialize(int* /*count*/, char*** /*arguments*/) {
  return pthread_atfork(nullptr, nullptr, [] { __sanitizer_set_death_callback(nullptr); });
}
