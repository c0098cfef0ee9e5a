#pragma once

#include "sekimori/bytes/byte_cursor.h"

#include "descriptor.h"
#include "sha256.h"

#include <cstdint>
#include <memory>
#include <string>

namespace sekimori::detail {

/// A file from front to back, unpacked if it was packed, one window of contiguous bytes at a time.
///
/// It hashes what was stored as it goes, so that a file is read once.
class ByteSource {
 public:
  ByteSource() = default;
  ByteSource(const ByteSource&) = delete;
  ByteSource& operator=(const ByteSource&) = delete;
  virtual ~ByteSource() = default;

  /// The bytes that advance() did not give up yet.
  [[nodiscard]] Bytes window() const noexcept { return window_; }
  /// What the window's memory belongs to.
  [[nodiscard]] const std::shared_ptr<const void>& keep() const noexcept { return keep_; }
  /// Why the bytes ended before the file's proper end; "" where they did not.
  [[nodiscard]] const std::string& trouble() const noexcept { return trouble_; }

  /// Gives up the first `used` bytes of the window, then sees to it that the window has `least`
  /// bytes; it has fewer only where the source ends.
  virtual void advance(std::size_t used, std::size_t least) = 0;
  /// Hashes the first `count` bytes of the window, which the caller is about to read: in that
  /// order the hash's even stride brings them into the cache, and the walk along the records does
  /// not wait for memory.
  virtual void warm(std::size_t /*count*/) {}
  /// Reads what is left of the stored bytes and returns the SHA-256 of all.
  [[nodiscard]] virtual std::string finish() = 0;
  /// Stored bytes read so far, if the caller has come to `at` in the window.
  [[nodiscard]] virtual std::uint64_t stored_read(std::size_t at) const noexcept = 0;

 protected:
  Bytes window_;
  std::shared_ptr<const void> keep_;
  std::string trouble_;
};

/// A regular file of `size` bytes, mapped window by window, so that the memory in use does not
/// follow the size of the file.
///
/// Its end is where it was when it was opened: what is appended later is not read. A file that
/// shrinks is found by a look at its size before each window. Between that look and the reading of
/// the window's last byte the kernel can only raise SIGBUS: to catch it a library would have to
/// own the process's signal handler, and to exclude it, copy every byte.
[[nodiscard]] std::unique_ptr<ByteSource> map_source(Descriptor file, std::uint64_t size,
                                                     std::size_t window_size);

enum class Packing { none, gzip, zstd };

/// How bytes that begin so are packed (RFC 1952, 2.3.1; RFC 8878, 3.1.1 and 3.1.2).
[[nodiscard]] Packing packing_of(Bytes front) noexcept;

/// Stored bytes as they come from a descriptor, hashed on the way.
class StoredBytes {
 public:
  explicit StoredBytes(Descriptor file);

  [[nodiscard]] Bytes ready() const noexcept { return {buffer_.get() + begin_, end_ - begin_}; }
  /// Reads until `least` bytes are ready; false where the file ends before.
  bool want(std::size_t least);
  void skip(std::size_t count) noexcept { begin_ += count; }
  /// Moves up to `room` bytes out: those ready, or else fresh from the file. 0 at the end.
  std::size_t move_to(std::uint8_t* out, std::size_t room);

  [[nodiscard]] std::uint64_t read_so_far() const noexcept { return total_; }
  /// Where the first of the ready bytes stands in the file.
  [[nodiscard]] std::uint64_t position() const noexcept { return total_ - (end_ - begin_); }
  [[nodiscard]] const std::string& trouble() const noexcept { return trouble_; }
  /// Reads to the end; the SHA-256 of the file.
  [[nodiscard]] std::string finish();

 private:
  std::size_t read_some(std::uint8_t* out, std::size_t room);

  Descriptor file_;
  std::unique_ptr<std::uint8_t[]> buffer_;  // NOLINT(*-avoid-c-arrays): never initialised.
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  std::uint64_t total_ = 0;
  Sha256 hash_;
  std::string trouble_;
};

/// Unpacks stored bytes. One class a packing.
class Unpacker {
 public:
  Unpacker() = default;
  Unpacker(const Unpacker&) = delete;
  Unpacker& operator=(const Unpacker&) = delete;
  virtual ~Unpacker() = default;

  /// Writes up to `room` bytes; 0 at the end, for which trouble() has the reason.
  virtual std::size_t unpack(StoredBytes& in, std::uint8_t* out, std::size_t room) = 0;
  [[nodiscard]] const std::string& trouble() const noexcept { return trouble_; }

 protected:
  std::string trouble_;
};

[[nodiscard]] std::unique_ptr<Unpacker> make_unpacker(Packing packing);

/// What cannot be mapped: packed files, pipes. Read through blocks of a megabyte.
[[nodiscard]] std::unique_ptr<ByteSource> stream_source(StoredBytes stored, Packing packing);

}  // namespace sekimori::detail
