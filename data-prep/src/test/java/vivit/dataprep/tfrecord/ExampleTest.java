package vivit.dataprep.tfrecord;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import vivit.dataprep.tfrecord.WireReader.ByteRange;

class ExampleTest {
  private static final List<byte[]> IMAGES = List.of(new byte[] {1}, new byte[9000], new byte[300]);

  private static Example read(byte[] record) throws IOException {
    return Example.read(window(record), new ByteRange(0, record.length));
  }

  private static ByteWindow window(byte[] record) {
    return new ByteWindow(new MemoryBytes(0, record));
  }

  private static TestRecords full() {
    return TestRecords.of(IMAGES)
        .index(3, 300 + 17)
        .text("öffnen")
        .file("videos/a b.mp4")
        .times(1_500_000, 11_500_000)
        .put("caption/string", TestRecords.bytesFeature(new byte[6000]))
        .list("WAVEFORM/feature/floats", TestRecords.message(1, TestRecords.floatFeature(20_000)));
  }

  @Test
  void readsWhatTheContextSaysWhereverItStands() throws IOException {
    Example expected =
        new Example(List.of(3L, 317L), List.of("öffnen"), "videos/a b.mp4", 1_500_000, 11_500_000);
    assertThat(read(full().example())).isEqualTo(expected);
    assertThat(read(full().contextLast())).isEqualTo(expected);
  }

  @Test
  void findsTheImagesInTheirOrder() throws IOException {
    for (byte[] record : List.of(full().example(), full().contextLast())) {
      List<ByteRange> images = Example.images(window(record), new ByteRange(0, record.length));
      assertThat(images).hasSize(3);
      for (int i = 0; i < 3; i++) {
        int from = (int) images.get(i).start();
        assertThat(Arrays.copyOfRange(record, from, (int) images.get(i).end()))
            .isEqualTo(IMAGES.get(i));
      }
    }
  }

  @Test
  void readsNumbersInBothOfTheirForms() throws IOException {
    TestRecords record =
        TestRecords.of(IMAGES)
            .put("clip/label/index", TestRecords.unpackedInt64Feature(5, 0, -1, Long.MAX_VALUE));
    assertThat(read(record.example()).indices()).containsExactly(5L, 0L, -1L, Long.MAX_VALUE);
  }

  @Test
  void whatIsAbsentIsEmpty() throws IOException {
    assertThat(read(TestRecords.of(IMAGES).example()))
        .isEqualTo(new Example(List.of(), List.of(), "", -1, -1));
    assertThat(read(new byte[0])).isEqualTo(new Example(List.of(), List.of(), "", -1, -1));
  }

  @Test
  void refusesRecordsWithoutOneImagePerFrame() {
    assertThatThrownBy(() -> images(new TestRecords().index(1).example()))
        .hasMessage("the record has no feature list image/encoded");
    assertThatThrownBy(() -> images(TestRecords.of(List.of()).example()))
        .hasMessage("the record has 0 frames in image/encoded");
    byte[] two = TestRecords.join(List.of(image(4), image(5)));
    byte[] list =
        TestRecords.join(
            List.of(
                TestRecords.message(1, TestRecords.message(1, image(4))),
                TestRecords.message(1, TestRecords.message(1, two))));
    assertThatThrownBy(() -> images(new TestRecords().list("image/encoded", list).example()))
        .hasMessage("frame 1 of image/encoded has 2 images, expected one");
    byte[] floats = TestRecords.message(1, TestRecords.floatFeature(3));
    assertThatThrownBy(() -> images(new TestRecords().list("image/encoded", floats).example()))
        .hasMessage("frame 0 of image/encoded has 0 images, expected one");
  }

  @Test
  void refusesWhatIsNoMessage() {
    assertThatThrownBy(() -> read(new byte[] {10, 50, 1}))
        .isInstanceOf(DamagedRecordException.class)
        .hasMessage(
            "the record is no SequenceExample: field 1 has 50 bytes, the message around it 1 more"
                + " at byte 0");
    assertThatThrownBy(() -> read(new byte[] {11, 1}))
        .hasMessageEndingWith("found wire type 3 at byte 0");
    assertThatThrownBy(() -> read(new byte[] {8, (byte) 0x80}))
        .hasMessageEndingWith("a number breaks off at byte 1");
    assertThatThrownBy(
            () ->
                read(
                    new TestRecords()
                        .put("video/filename", TestRecords.bytesFeature(new byte[] {(byte) 0xff}))
                        .example()))
        .hasMessageContaining("found a text that is not UTF-8");
  }

  @Property(tries = 300)
  void anyBytesAreReadOrRefused(@ForAll @Size(max = 60) byte[] record) throws IOException {
    try {
      read(record);
      images(record);
    } catch (DamagedRecordException e) {
      assertThat(e.position()).isBetween(0L, (long) record.length);
    }
  }

  private static byte[] image(int value) {
    return TestRecords.message(1, new byte[] {(byte) value});
  }

  private static List<ByteRange> images(byte[] record) throws IOException {
    return Example.images(window(record), new ByteRange(0, record.length));
  }
}
