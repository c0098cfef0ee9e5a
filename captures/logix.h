#pragma once

#include "wire.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

// EtherNet/IP with CIP and PCCC inside: The CIP Networks Library, volumes 1 and 2, Rockwell
// 1756-PM020 and 1770-6.5.16, as a ControlLogix behind its communication module speaks them.
namespace sekimori::captures {

/// Attributes 1 to 7 of the Identity object.
struct CipDevice {
  unsigned vendor = 1;
  unsigned type = 0x0e;
  unsigned product = 54;
  unsigned major = 16;
  unsigned minor = 20;
  unsigned status = 0x3060;  ///< remote run
  unsigned serial = 0x00c0ffee;
  std::string_view name;
};
[[nodiscard]] CipDevice logix_controller();
[[nodiscard]] CipDevice logix_bridge();

/// A client's side of a registered session, and what the modules of the chassis answer. Requests go
/// to the controller in `slot`: unconnected until forward_open(), on that connection from then on.
class Logix {
 public:
  Logix(Scene& scene, Station& client, Station& server, unsigned slot = 0,
        std::uint16_t port = 44818);

  Logix& list_identity(const CipDevice& device);
  Logix& list_services();
  Logix& forward_open();
  Logix& forward_close();

  /// Identity of the module at the address, unconnected and without a route, and of the controller.
  Logix& identify_bridge(const CipDevice& device);
  Logix& identify(const CipDevice& device);
  Logix& read_name(std::string_view project);
  /// The status word alone, as an engineering station polls it.
  Logix& poll_status(unsigned status);
  Logix& read_tag(std::string_view tag, unsigned count = 1);
  Logix& write_tag(std::string_view tag, unsigned value);
  /// Many reads in one multiple-service packet.
  Logix& read_tags(const std::vector<std::string_view>& tags);
  /// `run` or, where false, `program`.
  Logix& set_mode(bool run);
  Logix& lock();
  Logix& unlock();
  /// All instances of a class, then what one of them holds: a project read out.
  Logix& upload_program();
  Logix& download_program();
  Logix& set_clock();
  /// The communication module's own address.
  Logix& set_address(std::string_view ip);
  /// The communication module's own firmware, in blocks, and the reset that follows.
  Logix& update_firmware(unsigned blocks);
  /// A request of any service and path, refused with a general status; or left without an answer.
  Logix& refused(const Payload& request, unsigned status);
  Logix& unanswered(const Payload& request);
  /// PCCC: command, its data, the answer's data.
  Logix& pccc(unsigned command, const Payload& data, const Payload& answer, unsigned status = 0);
  void close();

  /// Request bodies.
  [[nodiscard]] static Payload request(unsigned service, const Payload& path,
                                       const Payload& data = {});
  [[nodiscard]] static Payload path(unsigned of, unsigned instance,
                                    std::optional<unsigned> attribute = {});
  [[nodiscard]] static Payload tag_path(std::string_view tag);

 private:
  /// The service alone, and what an answer to it says.
  [[nodiscard]] static Payload reply(unsigned service, const Payload& data = {},
                                     unsigned status = 0);
  [[nodiscard]] Payload unconnected(const Payload& message);
  [[nodiscard]] Payload connected(const Payload& message, bool to_target);
  /// To the controller: routed while unconnected, on the connection once there is one.
  Logix& ask(const Payload& request, const Payload& data = {}, unsigned status = 0);
  /// To the module at the address itself.
  Logix& ask_bridge(const Payload& request, const Payload& data = {}, unsigned status = 0);
  Logix& exchange(unsigned command, const Payload& request, const Payload& answer);
  [[nodiscard]] Payload wrapped(unsigned command, const Payload& body) const;
  [[nodiscard]] Payload routed(const Payload& request) const;

  Session session_;
  unsigned slot_;
  std::uint32_t handle_ = 0;
  std::uint32_t exchange_ = 0;
  std::uint16_t sequence_ = 0;
  std::uint16_t serial_ = 0;
  bool connected_ = false;
};

/// ListIdentity to everybody, and one device's answer.
void discover_logix(Scene& scene, Station& asks, std::string_view broadcast, Station& answers,
                    const CipDevice& device);
/// Cyclic I/O over UDP 2222, both ways.
void exchange_io(Scene& scene, Station& scanner, Station& adapter, unsigned packets);

}  // namespace sekimori::captures
