package bpnn.app.picture;

import bpnn.random.Purpose;
import bpnn.random.RandomStream;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.awt.image.ConvolveOp;
import java.awt.image.Kernel;
import java.util.Arrays;
import java.util.Locale;

/** Draws what a camera would see of a digit on paper or a blackboard. */
enum Photograph {
    EVEN(210, 210),
    GRADIENT_TO_150(210, 150),
    GRADIENT_TO_130(210, 130),
    FRAME(210, 210),
    RULED(210, 210),
    SHADOW(210, 210),
    NOISE(210, 190),
    BLUR(210, 190),
    CHALK(40, 90),
    /** Lines as dark as the digit, which run through it. */
    DARK_RULED(210, 210);

    private static final int SIDE = 320;
    private static final int DIGIT = 200;
    private static final int INK = 45;

    private final int lightLeft;
    private final int lightRight;

    Photograph(int lightLeft, int lightRight) {
        this.lightLeft = lightLeft;
        this.lightRight = lightRight;
    }

    /**
     * Draws one.
     *
     * @param pixels 28x28, light on dark
     * @param number decides noise and where things lie
     */
    BufferedImage of(byte[] pixels, int number) {
        RandomStream random = new RandomStream(number, Purpose.STATISTICS, lightLeft, lightRight);
        float[] ink = new float[SIDE * SIDE];
        int left = 30 + random.nextInt(SIDE - DIGIT - 60);
        int top = 30 + random.nextInt(SIDE - DIGIT - 60);
        BufferedImage large = enlarged(pixels);
        for (int y = 0; y < DIGIT; y++) {
            for (int x = 0; x < DIGIT; x++) {
                ink[(top + y) * SIDE + left + x] = large.getRaster().getSample(x, y, 0) / 255f;
            }
        }
        BufferedImage things = things(random);
        BufferedImage photograph = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_BYTE_GRAY);
        for (int y = 0; y < SIDE; y++) {
            for (int x = 0; x < SIDE; x++) {
                float light = lightLeft + (lightRight - lightLeft) * (float) x / SIDE;
                if (this == SHADOW) {
                    // The edge of a hand's shadow, soft over some 40 pixels.
                    light -= 70 / (1 + (float) Math.exp((x + 0.5 * y - 220) / 10));
                }
                float thing = things.getRaster().getSample(x, y, 0) / 255f;
                float covered = Math.max(ink[y * SIDE + x], 1 - thing);
                float pigment = this == CHALK ? 220 : INK * light / 210;
                float grey = light * (1 - covered) + pigment * covered;
                if (this == NOISE) {
                    grey += 12 * (random.nextInt(1000) + random.nextInt(1000) + random.nextInt(1000) - 1498.5f) / 500;
                }
                photograph.getRaster().setSample(x, y, 0, Math.max(0, Math.min(255, Math.round(grey))));
            }
        }
        return this == BLUR ? blurred(photograph) : photograph;
    }

    /** Dark on white: what is on the paper beside the digit. */
    private BufferedImage things(RandomStream random) {
        BufferedImage paper = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_BYTE_GRAY);
        Graphics2D pen = paper.createGraphics();
        pen.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        pen.setColor(Color.WHITE);
        pen.fillRect(0, 0, SIDE, SIDE);
        pen.setColor(Color.BLACK);
        if (this == FRAME) {
            pen.setStroke(new BasicStroke(4));
            pen.drawRect(10, 10, SIDE - 20, SIDE - 20);
        }
        if (this == RULED || this == DARK_RULED) {
            pen.setColor(this == RULED ? new Color(150, 150, 150) : Color.BLACK);
            pen.setStroke(new BasicStroke(2));
            for (int y = 10 + random.nextInt(40); y < SIDE; y += 40) {
                pen.drawLine(0, y, SIDE, y);
            }
        }
        pen.dispose();
        return paper;
    }

    private static BufferedImage enlarged(byte[] pixels) {
        BufferedImage small = new BufferedImage(28, 28, BufferedImage.TYPE_BYTE_GRAY);
        for (int i = 0; i < pixels.length; i++) {
            small.getRaster().setSample(i % 28, i / 28, 0, pixels[i] & 0xFF);
        }
        BufferedImage large = new BufferedImage(DIGIT, DIGIT, BufferedImage.TYPE_BYTE_GRAY);
        Graphics2D graphics = large.createGraphics();
        graphics.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BICUBIC);
        graphics.drawImage(small, 0, 0, DIGIT, DIGIT, null);
        graphics.dispose();
        return large;
    }

    private static BufferedImage blurred(BufferedImage image) {
        float[] weights = new float[81];
        Arrays.fill(weights, 1 / 81f);
        return new ConvolveOp(new Kernel(9, 9, weights), ConvolveOp.EDGE_NO_OP, null).filter(image, null);
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
