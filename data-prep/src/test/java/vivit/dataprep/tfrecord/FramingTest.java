package vivit.dataprep.tfrecord;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.Arrays;
import java.util.HexFormat;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import vivit.dataprep.tfrecord.Framing.Frame;

class FramingTest {
  private static Framing framing(byte[] shard) {
    MemoryBytes bytes = new MemoryBytes(0, shard);
    return new Framing(bytes, new ByteWindow(bytes));
  }

  @Test
  void readsTheFirstBytesThatTensorFlowWrites() throws IOException {
    // Files of TensorFlow's event writer begin with a record of 24 bytes; this is how.
    byte[] shard = Arrays.copyOf(HexFormat.of().parseHex("1800000000000000a37f4b22"), 40);
    assertThat(framing(shard).frame(0)).contains(new Frame(0, 24));
    assertThat(TestRecords.masked(HexFormat.of().parseHex("1800000000000000")))
        .isEqualTo(0x224b7fa3L);
  }

  @Property(tries = 50)
  void findsAndChecksAllRecords(@ForAll @Size(max = 8) byte[][] payloads) throws IOException {
    byte[] shard = TestRecords.shard(payloads);
    Framing framing = framing(shard);
    long at = 0;
    for (byte[] payload : payloads) {
      Frame frame = framing.frame(at).orElseThrow();
      framing.requireWhole(frame);
      framing.check(frame);
      assertThat(Arrays.copyOfRange(shard, (int) frame.payload(), (int) frame.payloadEnd()))
          .isEqualTo(payload);
      at = frame.end();
    }
    assertThat(framing.frame(at)).isEmpty();
  }

  @Property(tries = 100)
  void everyFlippedBitIsFound(@ForAll @Size(min = 1, max = 100) byte[] payload, @ForAll int where) {
    byte[] shard = TestRecords.shard(payload);
    int bit = Math.floorMod(where, shard.length * 8);
    shard[bit / 8] ^= (byte) (1 << (bit % 8));
    assertThatThrownBy(() -> checkFirst(shard)).isInstanceOf(DamagedRecordException.class);
  }

  @Property(tries = 100)
  void everyTruncationIsFound(@ForAll @Size(min = 1, max = 100) byte[] payload, @ForAll int where) {
    byte[] shard = TestRecords.shard(payload);
    byte[] cut = Arrays.copyOf(shard, 1 + Math.floorMod(where, shard.length - 1));
    assertThatThrownBy(() -> checkFirst(cut))
        .isInstanceOf(DamagedRecordException.class)
        .hasMessageContaining("it is truncated inside");
  }

  @Test
  void saysWhatIsWrong() {
    byte[] shard = TestRecords.shard(new byte[] {1, 2, 3});
    shard[13] = 9;
    assertThatThrownBy(() -> checkFirst(shard))
        .hasMessageMatching("the record has checksum [0-9a-f]{8}, expected [0-9a-f]{8}; copy .*");
    byte[] text = "this is no TFRecord file".getBytes(java.nio.charset.StandardCharsets.UTF_8);
    assertThatThrownBy(() -> checkFirst(text))
        .hasMessageMatching(
            "the length of a record has checksum [0-9a-f]{8}, expected 54206f6e;"
                + " this is no TFRecord file, or damaged");
  }

  private static void checkFirst(byte[] shard) throws IOException {
    Framing framing = framing(shard);
    Frame frame = framing.frame(0).orElseThrow();
    framing.requireWhole(frame);
    framing.check(frame);
  }
}
