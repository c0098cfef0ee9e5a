// NFS version 3 (RFC 1813) and how its server is found (RFC 1833): the port mapper is asked, the
// exports are listed, one is mounted, a file is looked for and made.

#include "captures.h"
#include "wire.h"

namespace sekimori::captures {
namespace {

Payload xdr(std::string_view words) {
  return joined({be32(words.size()), text(words), zeros((4 - words.size() % 4) % 4)});
}

/// AUTH_SYS (RFC 5531, appendix A): the caller's name, user 1001, group 100.
Payload trusted(std::string_view machine) {
  const auto body = joined({be32(0x5eed), xdr(machine), be32(1001), be32(100), be32(0)});
  return joined({be32(1), be32(body.size()), body});
}
Payload nobody() {
  return zeros(8);
}

Payload call(unsigned id, unsigned program, unsigned version, unsigned procedure,
             const Payload& credential, const Payload& arguments) {
  return joined({be32(id), be32(0), be32(2), be32(program), be32(version), be32(procedure),
                 credential, zeros(8), arguments});
}
Payload reply(unsigned id, const Payload& results) {
  return joined({be32(id), be32(1), be32(0), zeros(8), be32(0), results});
}
Payload marked(const Payload& message) {
  return be32(0x80000000U | message.size()) + message;
}

constexpr unsigned kPortMapper = 100000;
constexpr unsigned kNfs = 100003;
constexpr unsigned kMount = 100005;

void ask(Plant& p, Station& client, Station& server, std::uint16_t port, const Payload& asks,
         const Payload& answers) {
  p.scene.datagram(client, server, client.next_port, port, asks);
  p.scene.datagram(server, client, port, client.next_port, answers);
}

void nfs_export(Plant& p) {
  auto& client = p.collector;
  auto& server = p.historian;
  ask(p, client, server, 635, call(1, kMount, 3, 5, nobody(), {}),
      reply(1, joined({be32(1), xdr("/srv/recipes"), be32(0), be32(0)})));
  ask(p, client, server, 635, call(2, kMount, 3, 1, trusted("collector"), xdr("/srv/recipes")),
      reply(2, joined({be32(0), be32(8), noise(8, 1), be32(0)})));
  const auto handle = be32(8) + noise(8, 1);
  auto session = p.scene.connect(client, server, 2049);
  const auto talk = [&](unsigned id, unsigned procedure, const Payload& arguments,
                        const Payload& results) {
    session.say(marked(call(id, kNfs, 3, procedure, trusted("collector"), arguments)));
    session.answer(marked(reply(id, results)));
  };
  talk(3, 0, {}, {});
  talk(4, 3, handle + xdr("batch-17.csv"), be32(2) + be32(0));
  talk(5, 8, joined({handle, xdr("batch-17.csv"), be32(0), zeros(24)}), be32(0) + zeros(16));
  talk(6, 7, joined({handle, zeros(8), be32(600), be32(2), be32(600), noise(600, 2)}),
       be32(0) + zeros(24));
  session.close();
}

void rpcbind_ports(Plant& p) {
  auto& client = p.collector;
  auto& server = p.historian;
  const auto mapping = [](unsigned program, unsigned version, unsigned protocol, unsigned port) {
    return joined({be32(program), be32(version), be32(protocol), be32(port)});
  };
  ask(p, client, server, 111, call(1, kPortMapper, 2, 3, nobody(), mapping(kNfs, 3, 6, 0)),
      reply(1, be32(2049)));
  ask(p, client, server, 111, call(2, kPortMapper, 2, 4, nobody(), {}),
      reply(2, joined({be32(1), mapping(kPortMapper, 2, 17, 111), be32(1),
                       mapping(kMount, 3, 17, 635), be32(1), mapping(kNfs, 3, 6, 2049), be32(0)})));
  p.scene.datagram(client, server, client.next_port, 111,
                   call(3, kPortMapper, 2, 3, nobody(), mapping(395183, 1, 6, 0)));
}

const ProtocolRecipe recipe{{"nfs-export", nfs_export}};
const ProtocolRecipe ports{{"rpcbind-ports", rpcbind_ports}};

}  // namespace
}  // namespace sekimori::captures
