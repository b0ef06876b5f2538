package vivit.dataprep.inspect.statistics;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.Point;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import vivit.dataprep.inspect.page.ContactSheet;
import vivit.dataprep.inspect.page.Images;
import vivit.dataprep.inspect.page.Lettering;
import vivit.dataprep.inspect.page.TubeletView;
import vivit.dataprep.inspect.statistics.ClipSelection.ClipPlace;
import vivit.dataprep.shard.Compression;
import vivit.dataprep.shard.ShardSet;
import vivit.dataprep.shard.StoredClip;

/** Images, written as PNG, read back and compared with the pixels of the clips. */
class PictureTest {
  @TempDir Path folder;

  private static Picture random(int height, int width) {
    byte[] rgb = new byte[height * width * 3];
    new Random(height * 31L + width).nextBytes(rgb);
    return new Picture(height, width, rgb);
  }

  @Test
  void smallerByTheMeanOfWhatIsCovered() {
    Picture from = random(6, 4);
    Picture to = from.resize(2, 2);
    for (int y = 0; y < 2; y++) {
      for (int x = 0; x < 2; x++) {
        int red = 0;
        for (int dy = 0; dy < 3; dy++) {
          for (int dx = 0; dx < 2; dx++) {
            red += from.rgb(3 * y + dy, 2 * x + dx) >> 16;
          }
        }
        assertThat(to.rgb(y, x) >> 16).isEqualTo((red + 3) / 6);
      }
    }
  }

  @Test
  void largerByRepeating() {
    Picture from = random(5, 7);
    Picture to = from.fit(96);
    assertThat(to.height()).isEqualTo(95);
    assertThat(to.width()).isEqualTo(133);
    for (int y = 0; y < to.height(); y++) {
      for (int x = 0; x < to.width(); x++) {
        assertThat(to.rgb(y, x)).isEqualTo(from.rgb(y / 19, x / 19));
      }
    }
  }

  @Test
  void fitsAnyShape() {
    assertThat(random(256, 340).fit(96)).matches(p -> p.height() == 96 && p.width() == 128);
    assertThat(random(340, 256).fit(96)).matches(p -> p.height() == 128 && p.width() == 96);
    assertThat(random(1, 1).fit(96)).matches(p -> p.height() == 96 && p.width() == 96);
    assertThat(random(2, 3000).fit(96)).matches(p -> p.height() == 1 && p.width() == 288);
  }

  @Test
  void framesAreEvenlySpaced() {
    assertThat(ClipPicture.shown(32)).containsExactly(0, 6, 12, 19, 25, 31);
    assertThat(ClipPicture.shown(4)).containsExactly(0, 1, 2, 3);
    assertThat(ClipPicture.shown(1)).containsExactly(0);
  }

  @Test
  void theSheetShowsTheClipsFrames() throws IOException {
    ShardSet set = InspectedSet.write(folder, Compression.NONE, 5);
    List<ClipPlace> places = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      places.add(new ClipPlace(0, i));
    }
    List<ClipPicture> pictures = ShardPictures.read(set, places).pictures();
    for (Lettering lettering : List.of(Lettering.ofThisMachine(), Lettering.none())) {
      ContactSheet sheet = new ContactSheet(pictures);
      BufferedImage image =
          ImageIO.read(new ByteArrayInputStream(Images.png(sheet.draw(lettering))));
      for (int i = 0; i < 5; i++) {
        StoredClip clip = InspectedSet.clip(i);
        int times = 96 / Math.min(clip.height(), clip.width());
        assertThat(pictures.get(i).times().get(1))
            .isEqualTo(InspectedSet.origin(i).timestamps()[1]);
        for (int frame = 0; frame < 6; frame++) {
          Picture expected = Picture.frame(clip.pixels(), frame, clip.height(), clip.width());
          Point corner = sheet.place(i, frame);
          for (int y = 0; y < clip.height() * times; y++) {
            for (int x = 0; x < clip.width() * times; x++) {
              assertThat(image.getRGB(corner.x + x, corner.y + y) & 0xffffff)
                  .isEqualTo(expected.rgb(y / times, x / times));
            }
          }
        }
      }
    }
  }

  @Test
  void theTubeletViewShowsTheTubelets() throws IOException {
    StoredClip clip = InspectedSet.clip(1); // 6 x 12 x 13
    TubeletView view = new TubeletView(clip, 2, 4);
    BufferedImage image =
        ImageIO.read(new ByteArrayInputStream(Images.png(view.draw(Lettering.none()))));
    int times = view.cell() / 4;
    assertThat(view.cell()).isEqualTo(4 * times).isGreaterThan(16);
    for (int time = 0; time < 3; time++) {
      Picture frame = Picture.frame(clip.pixels(), 2 * time, 12, 13);
      for (int row = 0; row < 3; row++) {
        for (int column = 0; column < 4; column++) {
          Point corner = view.place(time, row, column);
          for (int y = 0; y < view.cell(); y++) {
            for (int x = 0; x < view.cell(); x++) {
              int expected = frame.rgb(4 * row + y / times, Math.min(12, 4 * column + x / times));
              assertThat(image.getRGB(corner.x + x, corner.y + y) & 0xffffff).isEqualTo(expected);
            }
          }
          assertThat(image.getRGB(corner.x + view.cell() + 3, corner.y + 5) & 0xffffff)
              .as("gap after row %d, column %d", row, column)
              .isEqualTo(0xffffff);
        }
      }
    }
    assertThat(view.caption())
        .isEqualTo(
            "6 frames of 12 x 13 pixels become 3 x 3 x 4 = 36 tokens;"
                + " a token is a tubelet of 2 x 4 x 4 pixels, 96 values");
  }

  @Test
  void anyClipHasATubeletView() {
    for (int[] size : new int[][] {{1, 1, 1}, {1, 2, 700}, {16, 500, 3}, {64, 9, 9}}) {
      StoredClip clip =
          new StoredClip(
              "a:0",
              "a",
              0,
              0,
              "x",
              size[0],
              size[1],
              size[2],
              new byte[size[0] * size[1] * size[2] * 3]);
      BufferedImage image = new TubeletView(clip, 1, 4).draw(Lettering.ofThisMachine());
      assertThat(image.getWidth()).isLessThan(6000);
    }
  }
}
