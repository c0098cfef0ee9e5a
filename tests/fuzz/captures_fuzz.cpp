// Any bytes as a capture file: pcap, pcapng, gz, zst, or none of them.

#include "sekimori/bytes/error.h"
#include "sekimori/capture/capture_set.h"

#include "target.h"

#include <cstdlib>
#include <string>
#include <sys/mman.h>
#include <unistd.h>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const int file = memfd_create("capture", 0);
  if (file < 0 || write(file, data, size) != static_cast<ssize_t>(size)) std::abort();
  volatile std::uint32_t last = 0;
  try {
    sekimori::CaptureSet set{{"/proc/self/fd/" + std::to_string(file)}};
    sekimori::FrameBatch batch;
    std::uint64_t frames = 0;
    while (frames < 10000 && set.next(batch, 100)) {
      for (const auto& frame : batch.frames) {
        if (frame.wire_length < frame.bytes.size()) std::abort();
        if (frame.number == 0) std::abort();
        for (const auto byte : frame.bytes) last = last + byte;
      }
      frames += batch.frames.size();
    }
  } catch (const sekimori::Error&) {
    // No capture: said so, which is all that is asked.
  }
  close(file);
  return 0;
}
