package vivit.spark.demo;

/** The content of one generated video before encoding. */
sealed interface VideoScene permits DemoScene, MotionScene {
  /** Height in pixels, even. */
  int height();

  /** Width in pixels, even. */
  int width();

  /** Frame rate. */
  int framesPerSecond();

  /** Number of frames. */
  int frames();

  /** Frame {@code index}, {@code [height, width, 3]} RGB. */
  byte[] frame(int index);
}
