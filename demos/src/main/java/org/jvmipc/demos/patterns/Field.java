package org.jvmipc.demos.patterns;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.DoubleBuffer;
import java.nio.file.Path;
import java.util.Random;

/**
 * Two substances on a square whose edges are joined, by the model of Gray and Scott: U becomes V where there is V, V
 * decays, both diffuse. The memory holds two generations, of which a step reads one and writes the other. Constants and
 * weights are those of Karl Sims' "Reaction-Diffusion Tutorial".
 */
final class Field {
    private static final int PLANES = 4;
    private static final double FEED = 0.0545;
    private static final double KILL = 0.062;
    private static final double DIFFUSION_U = 1.0;
    private static final double DIFFUSION_V = 0.5;
    private static final double SIDE = 0.2;
    private static final double CORNER = 0.05;
    /** So many cells for each spot. */
    private static final int SPARSENESS = 3000;
    private static final int SPOT = 6;
    private static final long SEED = 2026;
    /** Concentrations of V hardly exceed it. */
    private static final double BRIGHTEST = 0.4;

    private final int size;
    private final DoubleBuffer[] u = new DoubleBuffer[2];
    private final DoubleBuffer[] v = new DoubleBuffer[2];

    Field(int size, ByteBuffer memory) {
        this.size = size;
        DoubleBuffer numbers = memory.asDoubleBuffer();
        int plane = size * size;
        for (int i = 0; i < 2; i++) {
            u[i] = numbers.slice(2 * i * plane, plane);
            v[i] = numbers.slice((2 * i + 1) * plane, plane);
        }
    }

    static int bytes(int size) {
        return PLANES * size * size * Double.BYTES;
    }

    /** U everywhere, and V in some spots, the same ones each time. */
    void seed() {
        for (int i = 0; i < size * size; i++) {
            u[0].put(i, 1);
            v[0].put(i, 0);
        }
        Random random = new Random(SEED);
        for (int i = 0; i <= size * size / SPARSENESS; i++) {
            int left = random.nextInt(size);
            int top = random.nextInt(size);
            for (int cell = 0; cell < SPOT * SPOT; cell++) {
                v[0].put((top + cell / SPOT) % size * size + (left + cell % SPOT) % size, 1);
            }
        }
    }

    /** Computes some rows of the generation after a time. */
    void step(int time, int from, int to) {
        DoubleBuffer nextU = u[time + 1 & 1];
        DoubleBuffer nextV = v[time + 1 & 1];
        Rows rowsU = new Rows(u[time & 1], from);
        Rows rowsV = new Rows(v[time & 1], from);
        double[] newU = new double[size];
        double[] newV = new double[size];
        for (int y = from; y < to; y++) {
            rowsU.next(y);
            rowsV.next(y);
            for (int x = 0; x < size; x++) {
                double oldU = rowsU.here[x];
                double oldV = rowsV.here[x];
                double reaction = oldU * oldV * oldV;
                newU[x] = oldU + DIFFUSION_U * rowsU.laplacian(x) - reaction + FEED * (1 - oldU);
                newV[x] = oldV + DIFFUSION_V * rowsV.laplacian(x) + reaction - (KILL + FEED) * oldV;
            }
            nextU.put(y * size, newU);
            nextV.put(y * size, newV);
        }
    }

    /** A row and its neighbours, on the heap. */
    private final class Rows {
        private final DoubleBuffer plane;
        private double[] above = new double[size];
        private double[] here = new double[size];
        private double[] below = new double[size];

        Rows(DoubleBuffer plane, int first) {
            this.plane = plane;
            read(first - 1, here);
            read(first, below);
        }

        private void read(int y, double[] row) {
            plane.get(Math.floorMod(y, size) * size, row);
        }

        void next(int y) {
            double[] free = above;
            above = here;
            here = below;
            below = free;
            read(y + 1, below);
        }

        double laplacian(int x) {
            int left = x == 0 ? size - 1 : x - 1;
            int right = x == size - 1 ? 0 : x + 1;
            return SIDE * (above[x] + below[x] + here[left] + here[right])
                    + CORNER * (above[left] + above[right] + below[left] + below[right]) - here[x];
        }
    }

    /** In how many cells some bit differs. */
    int differences(Field other, int time) {
        int different = 0;
        for (int i = 0; i < size * size; i++) {
            boolean same = bits(u, time, i) == bits(other.u, time, i) && bits(v, time, i) == bits(other.v, time, i);
            different += same ? 0 : 1;
        }
        return different;
    }

    private static long bits(DoubleBuffer[] planes, int time, int cell) {
        return Double.doubleToRawLongBits(planes[time & 1].get(cell));
    }

    /** Draws V, each cell as a square of some pixels. */
    void draw(int time, int scale, Path file) throws IOException {
        Png.write(file, size * scale, size * scale, (x, y) ->
                colour(v[time & 1].get(y / scale * size + x / scale) / BRIGHTEST));
    }

    /** From dark blue over orange to a pale yellow. */
    private static int colour(double brightness) {
        double b = Math.max(0, Math.min(1, brightness));
        int red = (int) Math.round(255 * Math.min(1, 0.05 + 1.6 * b));
        int green = (int) Math.round(255 * Math.min(1, 0.08 + 0.9 * b * b + 0.2 * b));
        int blue = (int) Math.round(255 * Math.min(1, 0.25 + 0.5 * Math.abs(b - 0.35)));
        return red << 16 | green << 8 | blue;
    }
}
