// The yardstick: libpcap hands over every packet of a file, and nothing is done with it.

#include <pcap.h>

#include <array>
#include <cstdint>
#include <iostream>

namespace {

struct Sum {
  std::uint64_t packets = 0;
  std::uint64_t bytes = 0;
};

void count(u_char* user, const pcap_pkthdr* header, const u_char* /*bytes*/) {
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): how libpcap hands back a pointer.
  auto& sum = *reinterpret_cast<Sum*>(user);
  ++sum.packets;
  sum.bytes += header->caplen;
}

}  // namespace

int main(int argc, char** argv) {
  std::array<char, PCAP_ERRBUF_SIZE> error{};
  pcap_t* capture = argc == 2 ? pcap_open_offline(argv[1], error.data()) : nullptr;
  if (capture == nullptr) {
    std::cerr << "bench_noop: " << (argc == 2 ? error.data() : "one capture") << '\n';
    return 2;
  }
  Sum sum;
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast)
  pcap_loop(capture, -1, count, reinterpret_cast<u_char*>(&sum));
  pcap_close(capture);
  std::cout << sum.packets << " packets, " << sum.bytes << " bytes\n";
  return 0;
}
