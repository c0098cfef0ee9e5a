// PCCC: the commands of Allen-Bradley's PLC-2, PLC-5, SLC 500 and MicroLogix, as CIP's service 0x4b
// of class 0x67 carries them: who asks, then the command. Rockwell 1770-6.5.16, DF1 Protocol and
// Command Set, 6 (frames), 7 (commands), 8 (status), 10 (diagnostic status).
//
// Codes are written as command and function, `0x0f/0xaa`; commands without functions alone. A
// masked write to the force file is a code of its own, `0x0f/0xab/0xa2`.

#include "sekimori/dissect/dissector.h"

#include <algorithm>
#include <array>

namespace sekimori::pccc {
namespace {

constexpr std::uint8_t kAnswer = 0x40;    // the bit that marks an answer's command
constexpr std::uint8_t kExtended = 0xf0;  // of the status: one byte more follows the transaction

/// A code is the command; where it has functions, `kWithFunction | command << 8 | function`.
constexpr std::uint32_t kWithFunction = 1U << 16U;

constexpr std::uint32_t code_of(std::uint8_t command, std::uint8_t function) noexcept {
  return kWithFunction | std::uint32_t{command} << 8U | function;
}

// In a capture of a MicroLogix, a masked write to a file of this type is followed by a status word
// that tells of forces.
constexpr std::uint8_t kForceFile = 0xa2;
constexpr std::uint32_t kForce = 1U << 17U | code_of(0x0f, 0xab);

constexpr std::uint32_t kDiagnosticStatus = code_of(0x06, 0x03);
constexpr std::uint32_t kDownloadMode = code_of(0x07, 0x04);
constexpr std::uint32_t kUploadMode = code_of(0x07, 0x06);
constexpr std::uint32_t kDownload = code_of(0x0f, 0x50);
constexpr std::uint32_t kUpload = code_of(0x0f, 0x53);
constexpr std::uint32_t kChangeModeMicro = code_of(0x0f, 0x3a);
constexpr std::uint32_t kChangeMode = code_of(0x0f, 0x80);

// 1770-6.5.16, 7, in the order of its codes; 0xab and 0x88 as Wireshark and pycomm3 have them.
constexpr auto kOperations = std::to_array<Operation>({
    {code_of(0x0f, 0xa2), "protected-typed-logical-read", Access::read},
    {code_of(0x0f, 0xaa), "protected-typed-logical-write", Access::write},
    {code_of(0x0f, 0xab), "protected-typed-logical-masked-write", Access::write},
    {kForce, "force", Access::force, "0x0f/0xab/0xa2"},
    {code_of(0x0f, 0xa1), "protected-typed-logical-read-2", Access::read},
    {code_of(0x0f, 0xa9), "protected-typed-logical-write-2", Access::write},
    {code_of(0x0f, 0x68), "typed-read", Access::read},
    {code_of(0x0f, 0x67), "typed-write", Access::write},
    {code_of(0x0f, 0x00), "word-range-write", Access::write},
    {code_of(0x0f, 0x01), "word-range-read", Access::read},
    {code_of(0x0f, 0x02), "bit-write", Access::write},
    {code_of(0x0f, 0x26), "read-modify-write", Access::write},
    {code_of(0x0f, 0x79), "read-modify-write-n", Access::write},
    {0x00, "protected-write", Access::write},
    {0x01, "unprotected-read", Access::read},
    {0x02, "protected-bit-write", Access::write},
    {0x05, "unprotected-bit-write", Access::write},
    {0x08, "unprotected-write", Access::write},

    {code_of(0x06, 0x00), "echo", Access::diagnose},
    {code_of(0x06, 0x01), "read-diagnostic-counters", Access::diagnose},
    {code_of(0x06, 0x02), "set-variables", Access::configure},
    {kDiagnosticStatus, "diagnostic-status", Access::discover},
    {code_of(0x06, 0x04), "set-timeout", Access::configure},
    {code_of(0x06, 0x05), "set-naks", Access::configure},
    {code_of(0x06, 0x06), "set-enqs", Access::configure},
    {code_of(0x06, 0x07), "reset-diagnostic-counters", Access::configure},
    {code_of(0x06, 0x08), "set-data-table-size", Access::configure},
    {code_of(0x06, 0x09), "read-link-parameters", Access::diagnose},
    {code_of(0x06, 0x0a), "set-link-parameters", Access::configure},

    {code_of(0x07, 0x00), "disable-outputs", Access::control},
    {code_of(0x07, 0x01), "enable-outputs", Access::control},
    {code_of(0x07, 0x03), "enable-plc-scanning", Access::control},
    {kDownloadMode, "enter-download-mode", Access::program},
    {code_of(0x07, 0x05), "exit-download-upload-mode", Access::program},
    {kUploadMode, "enter-upload-mode", Access::upload},

    // Files of the processor's memory, which hold its program as well as its data.
    {code_of(0x0f, 0x03), "file-write", Access::write},
    {code_of(0x0f, 0x04), "file-read", Access::read},
    {code_of(0x0f, 0x05), "download-request", Access::program},
    {code_of(0x0f, 0x06), "upload-request", Access::upload},
    {code_of(0x0f, 0x07), "shutdown", Access::control},
    {code_of(0x0f, 0x0a), "restart-request", Access::control},
    {code_of(0x0f, 0x11), "get-edit-resource", Access::control},
    {code_of(0x0f, 0x12), "return-edit-resource", Access::control},
    {code_of(0x0f, 0x17), "read-bytes-physical", Access::upload},
    {code_of(0x0f, 0x18), "write-bytes-physical", Access::program},
    {code_of(0x0f, 0x29), "read-section-size", Access::diagnose},
    {kChangeModeMicro, "change-mode", Access::control},
    {code_of(0x0f, 0x41), "disable-forces", Access::force},
    {kDownload, "download-all-request", Access::program},
    {code_of(0x0f, 0x52), "download-completed", Access::program},
    {kUpload, "upload-all-request", Access::upload},
    {code_of(0x0f, 0x55), "upload-completed", Access::upload},
    {code_of(0x0f, 0x57), "initialize-memory", Access::program},
    {code_of(0x0f, 0x5e), "modify-plc-2-compatibility-file", Access::configure},
    {kChangeMode, "change-mode", Access::control},
    {code_of(0x0f, 0x81), "open-file", Access::session},
    {code_of(0x0f, 0x82), "close-file", Access::session},
    {code_of(0x0f, 0x88), "execute-command-list", Access::unknown},
    {code_of(0x0f, 0x8f), "apply-port-configuration", Access::configure},
    // Seen as a poll: addresses are asked for, and each is answered with a value.
    {code_of(0x0f, 0xa3), "read-addresses", Access::read},
    {code_of(0x0f, 0xa7), "protected-typed-file-read", Access::upload},
    {code_of(0x0f, 0xaf), "protected-typed-file-write", Access::program},
});

bool has_function(std::uint8_t command) noexcept {
  return command == 0x06 || command == 0x07 || command == 0x0f;
}

SmallText notate(std::uint32_t code) {
  SmallText text;
  if ((code & kWithFunction) == 0) return text.hex(code);
  return text.hex(code >> 8U & 0xffU).add('/').hex(code & 0xffU);
}

// File types of the SLC 500 and MicroLogix, and the letter that people call them by: 1770-6.5.16,
// 13 and the processors' manuals.
struct FileType {
  std::uint8_t number;
  std::string_view letter;
};
constexpr auto kFileTypes = std::to_array<FileType>({
    {0x82, "O"},
    {0x83, "I"},
    {0x84, "S"},
    {0x85, "B"},
    {0x86, "T"},
    {0x87, "C"},
    {0x88, "R"},
    {0x89, "N"},
    {0x8a, "F"},
    {0x8b, "O"},
    {0x8c, "I"},
    {0x8d, "ST"},
    {0x8e, "A"},
    {0x91, "L"},
});

/// A byte, or 0xff and a word behind it.
std::uint16_t field(ByteCursor& body) noexcept {
  const auto value = body.u8();
  return value == 0xff ? body.le16() : value;
}

/// The element that a typed logical command acts upon, `N7` 10: the size, the file's number and
/// type, the element, and with three address fields the sub-element.
bool aim(ByteCursor body, bool three_fields, SmallText& name, Target& target,
         std::uint8_t& file_type) noexcept {
  body.skip(1);
  const auto file = field(body);
  const auto type = file_type = body.u8();
  const auto element = field(body);
  if (three_fields) field(body);
  if (!body.ok()) return false;
  const auto* const row = std::ranges::find(kFileTypes, type, &FileType::number);
  if (row != kFileTypes.end())
    name.add(row->letter);
  else
    name.add("file type ").hex(type).add(' ');
  name.decimal(file);
  target.name = name.bytes();
  target.first = target.last = element;
  target.has_range = true;
  return true;
}

/// The mode asked for: with 0x80 the SLC's own numbers, with 0x3a the MicroLogix 1000's.
std::string_view mode_asked(std::uint32_t code, std::uint8_t mode) noexcept {
  if (code == kChangeModeMicro) return mode == 1 ? "program" : mode == 2 ? "run" : "other";
  switch (mode) {
    case 1:
      return "program";
    case 6:
      return "run";
    case 7:
      return "test, continuous scan";
    case 8:
      return "test, single scan";
    case 9:
      return "test, debug step";
    default:
      return "other";
  }
}

/// The lowest five bits of the status word: 1770-6.5.16, 10-14 (SLC 500 and MicroLogix).
std::string_view mode_of(std::uint8_t word) noexcept {
  switch (word & 0x1fU) {
    case 0x00:
      return "remote download";
    case 0x01:
      return "remote program";
    case 0x03:
      return "suspended";
    case 0x06:
      return "remote run";
    case 0x07:
    case 0x08:
    case 0x09:
      return "remote test";
    case 0x10:
      return "download";
    case 0x11:
      return "program";
    case 0x1e:
      return "run";
    default:
      return {};
  }
}

/// What a request leaves for its answer: the code, and the mode asked for.
std::uint64_t word_of(std::uint32_t code, std::uint8_t mode) noexcept {
  return std::uint64_t{code} | std::uint64_t{mode} << 32U;
}

void request(std::uint8_t command, ByteCursor& body, const Context& context, Observer& out) {
  const auto function = has_function(command) ? body.u8() : std::uint8_t{0};
  if (!body.ok()) return;
  std::uint32_t code = has_function(command) ? code_of(command, function) : command;
  Target target;
  target.unit = context.unit;
  SmallText name;
  std::uint8_t mode = 0;
  std::uint8_t type = 0;
  switch (code) {
    case code_of(0x0f, 0xa1):
    case code_of(0x0f, 0xa9):
      if (!aim(body, false, name, target, type)) return;
      break;
    case code_of(0x0f, 0xa2):
    case code_of(0x0f, 0xaa):
    case code_of(0x0f, 0xab):
      if (!aim(body, true, name, target, type)) return;
      break;
    case kChangeMode:
    case kChangeModeMicro:
      mode = body.u8();
      if (!body.ok()) return;
      name.add("mode ").add(mode_asked(code, mode));
      target.name = name.bytes();
      break;
    default:
      break;
  }
  if (code == code_of(0x0f, 0xab) && type == kForceFile) code = kForce;
  out.request(code, target, context.exchange, word_of(code, mode));
}

/// Of an SLC 500 or a MicroLogix, which the type extender 0xee marks: interface, processor, series
/// and revision, the bulletin's name, the major error, the mode.
void tell_status(ByteCursor body, const Subject& subject, Observer& out) {
  body.skip(1);
  const auto extender = body.u8();
  body.skip(2);
  const auto edition = body.u8();
  const auto name = body.take(11);
  const auto error = body.le16();
  const auto word = body.u8();
  const auto mode = mode_of(word);
  if (!body.ok() || extender != 0xee) return;
  out.property(subject, Property::vendor, bytes_of("Rockwell Automation"), Confidence::stated);
  out.property(subject, Property::product, name, Confidence::stated);
  const auto letter = [](unsigned number) { return static_cast<char>('A' + number); };
  const auto text = SmallText{"series "}
                        .add(letter(edition >> 5U))
                        .add(" revision ")
                        .add(letter(edition & 0x1fU));
  out.property(subject, Property::hardware, text.bytes(), Confidence::stated);
  if (!mode.empty()) out.property(subject, Property::mode, bytes_of(mode), Confidence::stated);
  // Of the status file, word 1, bit 6.
  if ((word & 0x40U) != 0) out.event(Event::device_state, "forces are in place", subject);
  if (error != 0)
    out.event(Event::device_state, SmallText{"major error "}.hex(error, 4).view(), subject);
}

void answer(std::uint8_t status, ByteCursor& body, const Context& context, Observer& out) {
  std::uint32_t reason = status;
  if (status == kExtended) reason = std::uint32_t{status} << 8U | body.u8();
  if (!body.ok()) return;
  const auto word =
      out.reply(context.exchange, status == 0 ? Outcome::executed : Outcome::rejected, reason);
  if (!word || status != 0) return;
  const auto code = static_cast<std::uint32_t>(*word);
  const Subject subject{.unit = context.unit};
  switch (code) {
    case kDiagnosticStatus:
      return tell_status(body, subject, out);
    case kChangeMode:
    case kChangeModeMicro:
      return out.event(Event::mode_change,
                       mode_asked(code, static_cast<std::uint8_t>(*word >> 32U)), subject);
    case kDownloadMode:
    case kDownload:
      return out.event(Event::transfer, "program download", subject);
    case kUploadMode:
    case kUpload:
      return out.event(Event::transfer, "program upload", subject);
    default:
      return;
  }
}

/// Who asks, behind its length: vendor and serial, and perhaps more. Then the command, the status,
/// the transaction, and what the command needs.
void dissect(ByteCursor& message, const Context& context, Observer& out) {
  const auto length = message.u8();
  if (length == 0) return;
  message.skip(length - 1U);
  const auto command = message.u8();
  const auto status = message.u8();
  message.skip(2);
  if (!message.ok()) return;
  if ((command & kAnswer) != 0)
    answer(status, message, context, out);
  else
    request(command, message, context, out);
  message.skip(message.remaining());
}

const Registration registration{{
    .name = "pccc",
    .title = "PCCC (Allen-Bradley)",
    .operations = kOperations,
    .dissect = dissect,
    .notate = notate,
}};

}  // namespace
}  // namespace sekimori::pccc
