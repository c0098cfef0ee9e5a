// gzip (RFC 1952) by zlib and Zstandard (RFC 8878) by libzstd, both as runs of members or frames.

#include "sekimori/bytes/error.h"

#include "byte_source.h"

#define ZLIB_CONST  // so that inflate() takes its input as const
#include <algorithm>
#include <array>
#include <limits>
#include <zlib.h>
#include <zstd.h>

namespace sekimori::detail {
namespace {

constexpr auto kGzipMagic = std::to_array<std::uint8_t>({0x1f, 0x8b});
constexpr auto kZstdMagic = std::to_array<std::uint8_t>({0x28, 0xb5, 0x2f, 0xfd});
// A skippable frame is 0x184d2a50 to 0x184d2a5f, little endian (RFC 8878, 3.1.2).
constexpr auto kSkippableTail = std::to_array<std::uint8_t>({0x2a, 0x4d, 0x18});

bool begins_with(Bytes bytes, Bytes magic) {
  return bytes.size() >= magic.size() && std::equal(magic.begin(), magic.end(), bytes.begin());
}

class PlainUnpacker final : public Unpacker {
 public:
  std::size_t unpack(StoredBytes& in, std::uint8_t* out, std::size_t room) override {
    const auto count = in.move_to(out, room);
    if (count == 0) trouble_ = in.trouble();
    return count;
  }
};

class GzipUnpacker final : public Unpacker {
 public:
  GzipUnpacker() {
    constexpr int kGzipOnly = 15 + 16;  // the widest window, and zlib's mark for a gzip wrapper
    if (inflateInit2(&stream_, kGzipOnly) != Z_OK) throw Error("gzip", "zlib cannot start");
  }
  ~GzipUnpacker() override { inflateEnd(&stream_); }

  std::size_t unpack(StoredBytes& in, std::uint8_t* out, std::size_t room) override {
    while (!ended_) {
      if (!in.want(1)) {
        end(in, in.trouble().empty() ? "gzip stream cut" : in.trouble());
        break;
      }
      const auto count = inflate_some(in, out, room);
      if (count > 0) return count;
    }
    return 0;
  }

 private:
  std::size_t inflate_some(StoredBytes& in, std::uint8_t* out, std::size_t room) {
    constexpr std::size_t kMost = std::numeric_limits<uInt>::max();
    const auto ready = in.ready();
    const auto space = std::min(room, kMost);
    stream_.next_in = ready.data();
    stream_.avail_in = static_cast<uInt>(std::min(ready.size(), kMost));
    stream_.next_out = out;
    stream_.avail_out = static_cast<uInt>(space);
    const int result = inflate(&stream_, Z_NO_FLUSH);
    in.skip(ready.size() - stream_.avail_in);
    if (result == Z_STREAM_END) {
      next_member(in);
    } else if (result != Z_OK && result != Z_BUF_ERROR) {
      end(in, std::string{"gzip stream damaged: "} +
                  (stream_.msg != nullptr ? stream_.msg : "unknown reason"));
    }
    return space - stream_.avail_out;
  }

  // Zeros after the last member are padding of tapes and block devices; gzip ignores them too.
  void next_member(StoredBytes& in) {
    if (in.want(2) && begins_with(in.ready(), kGzipMagic)) {
      inflateReset(&stream_);
      return;
    }
    while (in.want(1) && in.ready().front() == 0) in.skip(1);
    if (in.want(1)) {
      end(in, "something else follows the gzip stream");
    } else {
      trouble_ = in.trouble();
      ended_ = true;
    }
  }

  void end(const StoredBytes& in, const std::string& why) {
    trouble_ = why + " at stored byte " + std::to_string(in.position());
    ended_ = true;
  }

  z_stream stream_{};
  bool ended_ = false;
};

/// libzstd refuses frames that want more than 128 MiB of window, unless told otherwise; that bound
/// is kept, since the number comes from the file.
class ZstdUnpacker final : public Unpacker {
 public:
  ZstdUnpacker() : context_(ZSTD_createDCtx()) {
    if (context_ == nullptr) throw Error("zstd", "libzstd cannot start");
  }

  std::size_t unpack(StoredBytes& in, std::uint8_t* out, std::size_t room) override {
    while (!ended_) {
      const bool more = in.want(1);
      if (!more && !in_frame_) {
        trouble_ = in.trouble();
        ended_ = true;
        break;
      }
      const auto count = decompress_some(in, out, room);
      if (count > 0) return count;
      if (!more && !ended_) end(in, in.trouble().empty() ? "zstd stream cut" : in.trouble());
    }
    return 0;
  }

 private:
  struct Free {
    void operator()(ZSTD_DCtx* context) const noexcept { ZSTD_freeDCtx(context); }
  };

  std::size_t decompress_some(StoredBytes& in, std::uint8_t* out, std::size_t room) {
    const auto ready = in.ready();
    ZSTD_inBuffer from{ready.data(), ready.size(), 0};
    ZSTD_outBuffer to{out, room, 0};
    const auto result = ZSTD_decompressStream(context_.get(), &to, &from);
    in.skip(from.pos);
    if (ZSTD_isError(result) != 0) {
      end(in, std::string{"zstd stream damaged: "} + ZSTD_getErrorName(result));
    } else {
      in_frame_ = result != 0;
    }
    return to.pos;
  }

  void end(const StoredBytes& in, const std::string& why) {
    trouble_ = why + " at stored byte " + std::to_string(in.position());
    ended_ = true;
  }

  std::unique_ptr<ZSTD_DCtx, Free> context_;
  bool in_frame_ = false;  // a frame has begun and not ended
  bool ended_ = false;
};

}  // namespace

Packing packing_of(Bytes front) noexcept {
  if (begins_with(front, kGzipMagic)) return Packing::gzip;
  if (begins_with(front, kZstdMagic)) return Packing::zstd;
  if (front.size() >= 4 && (front[0] & 0xf0U) == 0x50 &&
      begins_with(front.subspan(1), kSkippableTail)) {
    return Packing::zstd;
  }
  return Packing::none;
}

std::unique_ptr<Unpacker> make_unpacker(Packing packing) {
  switch (packing) {
    case Packing::none:
      return std::make_unique<PlainUnpacker>();
    case Packing::gzip:
      return std::make_unique<GzipUnpacker>();
    case Packing::zstd:
      return std::make_unique<ZstdUnpacker>();
  }
  return nullptr;
}

}  // namespace sekimori::detail
